using System.Globalization;
using System.Text.Json;

namespace CanteenPay.Functions.Copies;

/// <summary>Which copies there are, and how far they are.</summary>
internal sealed class CopyCatalog(ICopyFiles files)
{
    private const string RowsKey = "rows", PartsKey = "parts";

    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>Says what a copy is to hold. What was said first stands.</summary>
    /// <returns>What stands.</returns>
    public async Task<CopyPlan> BeginAsync(CopyPlan plan, CancellationToken cancellationToken)
    {
        var text = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(plan, FunctionsJson.Default.CopyPlan));
        return await files.TryPutAsync(CopyPlace.Plan(plan.Label), text, Nothing, cancellationToken)
            ? plan
            : await PlanAsync(plan.Label, cancellationToken) ?? throw new InvalidOperationException($"What was said of the copy {plan.Label} is gone again.");
    }

    /// <summary>Says that a slice is whole. What was said first stands.</summary>
    public Task MarkAsync(CopyPlace place, CopyDone done, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [RowsKey] = done.Rows.ToString(CultureInfo.InvariantCulture),
            [PartsKey] = done.Parts.ToString(CultureInfo.InvariantCulture),
        };
        return files.TryPutAsync(place.Done, BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(done, FunctionsJson.Default.CopyDone)), metadata, cancellationToken);
    }

    /// <summary>A copy; null when there is none of that name.</summary>
    /// <exception cref="FormatException">Something lies there that is none of ours.</exception>
    public async Task<CopyState?> FindAsync(string label, CancellationToken cancellationToken)
    {
        if (!CopyLabel.Is(label) || await PlanAsync(label, cancellationToken) is not { } plan)
            return null;
        var done = new Dictionary<CopyPlace, (long Rows, int Parts)>();
        await foreach (var (name, metadata) in files.ListAsync($"{label}/", cancellationToken))
        {
            if (CopyPlace.DoneBy(name) is { } place)
                done[place] = (Number(name, metadata, RowsKey), (int)Number(name, metadata, PartsKey));
        }

        return new(plan, done);
    }

    /// <summary>All copies, the oldest first.</summary>
    /// <exception cref="FormatException">Something lies there that is none of ours.</exception>
    public async Task<IReadOnlyList<CopyState>> ListAsync(CancellationToken cancellationToken)
    {
        var (labels, done) = (new List<string>(), new Dictionary<CopyPlace, (long Rows, int Parts)>());
        await foreach (var (name, metadata) in files.ListAsync("", cancellationToken))
        {
            if (CopyPlace.BegunBy(name) is { } label)
                labels.Add(label);
            else if (CopyPlace.DoneBy(name) is { } place)
                done[place] = (Number(name, metadata, RowsKey), (int)Number(name, metadata, PartsKey));
        }

        var byLabel = done.ToLookup(slice => slice.Key.Label);
        var copies = new List<CopyState>();
        foreach (var label in labels)
        {
            // Gone since it was listed, by its age.
            if (await PlanAsync(label, cancellationToken) is { } plan)
                copies.Add(new(plan, byLabel[label].ToDictionary()));
        }

        return copies;
    }

    private async Task<CopyPlan?> PlanAsync(string label, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync(CopyPlace.Plan(label), cancellationToken) is not { } text)
            return null;
        try
        {
            return JsonSerializer.Deserialize(text, FunctionsJson.Default.CopyPlan) is { } plan && plan.Label == label ? plan : throw new FormatException($"{CopyPlace.Plan(label)} speaks of another copy.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{CopyPlace.Plan(label)} cannot be read: {e.Message}", e);
        }
    }

    private static long Number(string name, IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"The blob {name} has no number '{key}': it was not put there by a copy.");
}

/// <summary>How far a copy is.</summary>
/// <param name="Plan">What it is to hold.</param>
/// <param name="Done">The slices that are whole, with their rows and parts.</param>
internal sealed record CopyState(CopyPlan Plan, IReadOnlyDictionary<CopyPlace, (long Rows, int Parts)> Done)
{
    /// <summary>The slices that are not whole.</summary>
    public IReadOnlyList<CopyPlace> Missing { get; } = [.. Plan.Slices().Where(place => !Done.ContainsKey(place))];

    /// <summary>Whether all is there.</summary>
    public bool IsComplete => Missing.Count == 0;

    /// <summary>The rows of the slices that are whole.</summary>
    public long Rows => Done.Values.Sum(slice => slice.Rows);
}
