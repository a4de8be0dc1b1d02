using System.Text;
using System.Text.Json;
using CanteenPay.EndToEnd;

namespace CanteenPay.Benchmarks.Payments;

/// <summary>Paid orders wholly refunded by the endpoint, for what that costs in operations; how long a refund takes is the bank's affair.</summary>
internal static class Refunds
{
    /// <summary>The bank takes 3 s, the steps that ask for the end are 2, 5, 11 … s after the beginning.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(LocalStack stack, OperationCounters counters, IReadOnlyList<string> orders)
    {
        var amounts = new List<long>();
        foreach (var order in orders)
            amounts.Add((await stack.OrderAsync(order))["amount"]!.GetValue<long>());

        await counters.ResetAsync();
        foreach (var (order, amount) in orders.Zip(amounts))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(stack.Functions, $"/api/orders/{order}/refunds"))
            {
                Content = new StringContent(JsonSerializer.Serialize(new { amount }), Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", "benchmark");
            using var answer = await stack.Http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }

        // A refund's row is the last thing that goes.
        await counters.ReachAsync("tables delete OpenOrders", orders.Count, Limit);
        await counters.StandStillAsync();
        await counters.PrintAsync("refund", orders.Count);
    }
}
