using System.Text.Json;

namespace CanteenPay.Settle;

/// <summary>Where the stack that runs can be reached, by what it wrote into its state folder.</summary>
/// <param name="Functions">The function app.</param>
/// <param name="Directory">The identity provider's address with its tenant.</param>
/// <param name="ClientId">The app registration.</param>
internal sealed record RunningStack(Uri Functions, string Directory, string ClientId)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="SettleException">Nothing runs there.</exception>
    public static RunningStack Read(string stateFolder)
    {
        var file = Path.Combine(stateFolder, "endpoints.json");
        if (!File.Exists(file))
            throw new SettleException($"请先运行 infra/local/run.sh：没有 {file} / Nothing runs: {file} is not there.");
        using var endpoints = JsonDocument.Parse(File.ReadAllBytes(file));
        return new(
            new Uri(Text("functions")),
            $"{Text("login")}/{Text("tenantId")}",
            Text("clientId"));

        string Text(string name) => endpoints.RootElement.GetProperty(name).GetString() ?? throw new SettleException($"{file} 不完整 / {file} has no {name}.");
    }
}
