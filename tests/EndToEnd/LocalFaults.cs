using System.Text;
using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd;

/// <summary>LocalCloud's faults on order.</summary>
public static class LocalFaults
{
    public static Task ReleaseAsync(this LocalStack stack, string queue) => stack.PostAsync(new Uri(stack.Status, $"/queues/{queue}/release"));

    /// <summary>SIGKILL to the function app after so many of its I/Os from now.</summary>
    public static Task KillHandlerAfterAsync(this LocalStack stack, int io) => stack.PostAsync(new Uri(stack.Status, $"/handlers/kill-after/{io}"));

    /// <summary>How often the function app was killed on order.</summary>
    public static async Task<int> KillsAsync(this LocalStack stack) =>
        JsonNode.Parse(await stack.Http.GetStringAsync(new Uri(stack.Status, "/faults")))!["hops"]!["handler-kill"]!["counts"]!["kill"]!.GetValue<int>();

    public static async Task SetFaultsAsync(this LocalStack stack, string hop, string settings)
    {
        using var body = new StringContent(settings, Encoding.UTF8, "application/json");
        using var answer = await stack.Http.PutAsync(new Uri(stack.Status, $"/faults/{hop}"), body);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    public static async Task EndFaultsAsync(this LocalStack stack)
    {
        using var answer = await stack.Http.DeleteAsync(new Uri(stack.Status, "/faults"));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What a queue has counted since the start: <c>completed deadLettered</c> ….</summary>
    public static async Task<int> CountAsync(this LocalStack stack, string queue, string what) => (await stack.StatusAsync())["queues"]!.AsArray()
        .Single(row => row!["name"]!.GetValue<string>() == queue)!["counts"]![what]!.GetValue<int>();
}
