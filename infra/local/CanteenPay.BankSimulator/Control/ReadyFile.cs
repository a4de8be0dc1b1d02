using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CanteenPay.BankSimulator.Control;

/// <summary>Tells a supervisor where the bank listens, once it does: <c>{"url":"http://127.0.0.1:40123"}</c>.</summary>
internal static class ReadyFile
{
    public static void WriteReadyFile(this WebApplication app, string? path)
    {
        if (path is null)
            return;
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
                ?? throw new InvalidOperationException("The bank listens nowhere.");
            // Moved into place, so that a reader never sees half of it.
            var draft = path + ".draft";
            File.WriteAllText(draft, JsonSerializer.Serialize(new ReadyNote(url), ControlJson.Readable.ReadyNote));
            File.Move(draft, path, overwrite: true);
        });
    }
}
