using System.Text;
using CanteenPay.LocalCloud.Certificates;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Settings;
using CanteenPay.LocalCloud.Status;
using CanteenPay.Mqtt;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>
/// Ends the session of a machine that is away when more than 100 messages or 1 MB wait in it, as Event Grid does (mosquitto could only drop messages).
/// </summary>
/// <remarks>
/// mosquitto does not tell how much waits. So this counts what is published for machines whose going it has seen in the broker's log, without subtracting what
/// expired meanwhile, and ends the session by connecting under the machine's client id with a session that is not kept.
/// </remarks>
internal sealed class SessionLimit(
    IMqttClient broker, BrokerClients clients, DeviceAccess access, Machines machines, Counters counters, ILogger logger)
{
    internal const int MostMessages = 100;
    private const int MostBytes = 1024 * 1024;
    private const string LogTopic = "$SYS/broker/log/N";
    private readonly Dictionary<string, Waiting> _away = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    internal async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        await broker.SubscribeAsync(LogTopic, cancellationToken);
        foreach (var filter in access.Read.Select(f => Mosquitto.Fill(f, new("+", "+"))).Distinct(StringComparer.Ordinal))
        {
            await broker.SubscribeAsync(filter, cancellationToken);
        }
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var message in broker.Received.WithCancellation(cancellationToken))
        {
            if (string.Equals(message.Topic, LogTopic, StringComparison.Ordinal))
            {
                Note(BrokerLogLine.Read(Encoding.UTF8.GetString(message.Payload.Span)));
                continue;
            }

            if (!message.Retain)
            {
                await CountAsync(message, cancellationToken);
            }
        }
    }

    private void Note(BrokerLogLine? line)
    {
        if (line is null || !machines.All.Any(d => string.Equals(d.Id, line.ClientId, StringComparison.Ordinal)))
        {
            return;
        }

        if (line.Connected && string.Equals(line.UserName, CertificateFolder.OperatorName, StringComparison.Ordinal))
        {
            _taken.Add(line.ClientId);
        }
        else if (line.Connected || _taken.Remove(line.ClientId))
        {
            _away.Remove(line.ClientId);
        }
        else
        {
            _away.TryAdd(line.ClientId, new());
        }
    }

    private async Task CountAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        foreach (var device in machines.All.Where(d => _away.ContainsKey(d.Id) && access.Read.Any(f => Matches(Mosquitto.Fill(f, d), message.Topic))))
        {
            var waiting = _away[device.Id];
            waiting.Messages++;
            waiting.Bytes += message.Payload.Length;
            if (waiting.Messages > MostMessages || waiting.Bytes > MostBytes)
            {
                await EndSessionAsync(device.Id, waiting, cancellationToken);
            }
        }
    }

    private async Task EndSessionAsync(string clientId, Waiting waiting, CancellationToken cancellationToken)
    {
        _away.Remove(clientId);
        try
        {
            await using var successor = clients.Start(clientId, maxReceived: 10_000, session: TimeSpan.Zero);
            await BrokerClients.WaitUntilConnectedAsync(successor, cancellationToken);
        }
        catch (LocalCloudException exception)
        {
            logger.LogError("The session of {Client} could not be ended: {Error}", clientId, exception.Message);
            return;
        }

        // Counted when it is done: whoever waits for the count finds the session gone.
        counters.Count(Counters.MqttSessionEnded);
        logger.LogWarning("The session of {Client} was ended: {Messages} messages, {Bytes} bytes waited", clientId, waiting.Messages, waiting.Bytes);
    }

    /// <summary>A filter that is exact or ends in <c>/#</c>, as access filters do.</summary>
    private static bool Matches(string filter, string topic) =>
        filter.EndsWith("/#", StringComparison.Ordinal)
            ? topic.StartsWith(filter[..^1], StringComparison.Ordinal)
            : string.Equals(filter, topic, StringComparison.Ordinal);

    private sealed class Waiting
    {
        internal int Messages { get; set; }

        internal long Bytes { get; set; }
    }
}
