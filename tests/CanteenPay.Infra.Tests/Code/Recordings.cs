using System.Collections.Concurrent;
using Azure.Storage.Blobs;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Azure.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace CanteenPay.Infra.Tests.Code;

/// <summary>Names that somebody asked for.</summary>
internal sealed class Asked
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    internal IReadOnlySet<string> Names => _names.Keys.ToHashSet(StringComparer.Ordinal);

    internal void Add(string name) => _names[name] = true;
}

internal sealed class RecordingTables(Asked asked) : TableServiceClient
{
    private readonly InMemoryTableService _tables = new();

    public override TableClient GetTableClient(string tableName)
    {
        asked.Add(tableName);
        return _tables.GetTableClient(tableName);
    }
}

internal sealed class RecordingServiceBus(Asked asked) : ServiceBusClient
{
    private readonly InMemoryServiceBus _queues = new();

    public override ServiceBusSender CreateSender(string queueName)
    {
        asked.Add(queueName);
        return _queues.CreateSender(queueName);
    }
}

internal sealed class RecordingBlobs(Asked asked) : BlobServiceClient
{
    public override BlobContainerClient GetBlobContainerClient(string blobContainerName)
    {
        asked.Add(blobContainerName);
        return new BlobContainerClient(new Uri($"https://blobs.example.com/{blobContainerName}"));
    }
}

/// <summary>Settings, and which of them were read.</summary>
internal sealed class RecordingConfiguration(IReadOnlyDictionary<string, string> settings, Asked asked) : IConfiguration
{
    private readonly IConfiguration _settings = new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value))).Build();

    public string? this[string key]
    {
        get
        {
            asked.Add(key);
            return _settings[key];
        }
        set => throw new NotSupportedException();
    }

    public IEnumerable<IConfigurationSection> GetChildren() => _settings.GetChildren();

    public IChangeToken GetReloadToken() => _settings.GetReloadToken();

    public IConfigurationSection GetSection(string key)
    {
        // Lists by name, whose names only the settings know.
        if (key is not ("Tables:Accounts" or "Tables:Homes"))
            throw new NotSupportedException($"The section {key} was read as a whole: nobody knows which settings that are.");
        var section = _settings.GetSection(key);
        foreach (var child in section.GetChildren())
            asked.Add(child.Path);
        return section;
    }
}
