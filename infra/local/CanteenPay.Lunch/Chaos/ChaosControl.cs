using System.Text;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch.Chaos;

/// <summary>All that is made to go wrong in a lunch, from its first to its last minute.</summary>
internal sealed class ChaosControl
{
    private const string BankOutage = """{"ms":20000}""";

    private readonly HttpClient _http;
    private readonly Endpoints _endpoints;
    private readonly int _seed;
    private readonly TimeProvider _time;
    private readonly FaultSwitch _bank;
    private readonly FaultSwitch _cloud;
    private readonly MachineKiller _machines;
    private readonly HandlerKiller _handler;
    private int _outages;

    public ChaosControl(HttpClient http, Endpoints endpoints, CloudControl cloud, CanteenLayout layout, int seed, TimeProvider time)
    {
        (_http, _endpoints, _seed, _time) = (http, endpoints, seed, time);
        _bank = new(http, "bank", new Uri(endpoints.Bank, "/control/chaos"), time);
        _cloud = new(http, "cloud", new Uri(endpoints.Status, "/faults"), time);
        _machines = new(cloud, layout, new Random(seed), time);
        _handler = new(http, endpoints.Status, new Random(seed), time);
    }

    /// <summary>Turns everything on.</summary>
    /// <exception cref="LunchException">There are no such switches.</exception>
    public async Task OnAsync(CancellationToken cancellationToken)
    {
        await _bank.OnAsync(ChaosLevels.Bank(_seed), cancellationToken);
        await _cloud.OnAsync(ChaosLevels.Cloud(_seed), cancellationToken);
    }

    /// <summary>Lets things go wrong for so long, with one outage of the bank in the middle, and calms them then: the end must be within reach.</summary>
    public async Task RunAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var kills = Task.WhenAll(_machines.RunAsync(end.Token), _handler.RunAsync(end.Token));
        await Task.Delay(length / 2, _time, cancellationToken);
        await BankOutageAsync(cancellationToken);
        await Task.Delay(length / 2, _time, cancellationToken);
        await end.CancelAsync();
        try
        {
            await kills;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The last minute is over.
        }

        await _bank.CalmAsync(cancellationToken);
        await _cloud.CalmAsync(cancellationToken);
    }

    /// <summary>How often what was done so far.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (fault, times) in (await _bank.CountAsync(cancellationToken)).Concat(await _cloud.CountAsync(cancellationToken)))
            counts[fault] = times;
        counts["machine killed"] = _machines.Kills;
        counts["bank: down for 20 s"] = _outages;
        return counts;
    }

    private async Task BankOutageAsync(CancellationToken cancellationToken)
    {
        using var body = new StringContent(BankOutage, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(_endpoints.Bank, "/control/down"), body, cancellationToken);
        response.EnsureSuccessStatusCode();
        _outages++;
    }
}
