using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch.Chaos;

/// <summary>One place where faults are turned on and off, and counted.</summary>
/// <param name="http">The client.</param>
/// <param name="name">For error messages.</param>
/// <param name="address">Takes <c>PUT</c> of settings, <c>DELETE</c> for calm, and <c>GET</c>.</param>
/// <param name="time">The clock.</param>
internal sealed class FaultSwitch(HttpClient http, string name, Uri address, TimeProvider time)
{
    /// <summary>Turns faults on.</summary>
    /// <exception cref="LunchException">It has no such switch, or refuses the settings.</exception>
    public async Task OnAsync(JsonObject settings, CancellationToken cancellationToken)
    {
        using var body = new StringContent(settings.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.PutAsync(address, body, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
            throw new LunchException($"This {name} cannot make faults on order yet ({address} answers {(int)response.StatusCode}): hold the lunch without --chaos.");
        if (!response.IsSuccessStatusCode)
            throw new LunchException($"The {name} refuses the faults: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>Turns them off.</summary>
    public async Task CalmAsync(CancellationToken cancellationToken)
    {
        using var response = await http.DeleteAsync(address, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>How often what was done, by hop and kind; only what was.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken) =>
        FaultCounts.Of(await http.GetAsync(address, LunchJson.Default.JsonObject, time, cancellationToken), name);
}
