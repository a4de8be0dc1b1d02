using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd;

/// <summary>The operator's command, <c>infra/parked.sh</c>.</summary>
internal sealed class ParkedCommand(LocalStack stack)
{
    public async Task<JsonArray> ListAsync() => JsonNode.Parse(await RunAsync("list"))!.AsArray();

    public Task<string> ShowAsync(JsonNode item) => RunAsync("show", Day(item), Key(item));

    public async Task SendAsync(JsonNode item) => (await RunAsync("send", Day(item), Key(item))).ShouldContain("已重新发送");

    private async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "infra/parked.sh"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["CANTEENPAY_URL"] = stack.Functions.GetLeftPart(UriPartial.Authority);
        start.Environment["CANTEENPAY_TOKEN"] = await stack.TokenAsync("operator");
        using var command = Process.Start(start)!;
        var errors = command.StandardError.ReadToEndAsync();
        var output = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        command.ExitCode.ShouldBe(0, $"{output}\n{await errors}");
        return output;
    }

    private static string Day(JsonNode item) => item["day"]!.GetValue<string>();

    private static string Key(JsonNode item) => item["key"]!.GetValue<string>();
}
