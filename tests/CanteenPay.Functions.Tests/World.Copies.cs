using CanteenPay.Functions.Copies;

namespace CanteenPay.Functions.Tests;

/// <summary>Copies of the tables.</summary>
internal sealed partial class World
{
    /// <summary>Delivers what was sent for copies.</summary>
    public async Task CopiesAsync()
    {
        while (ServiceBus.TakeDue(CopyQueue.Queue) is { } message)
        {
            await DeliverAsync<CopyTables>((function, _) => function.RunAsync(
                System.Text.Json.JsonSerializer.Deserialize(message.Body, FunctionsJson.Default.CopyMessage)!, CancellationToken.None));
        }
    }
}
