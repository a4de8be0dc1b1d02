using System.Text;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>The addresses as one table for the terminal: first those that a person opens.</summary>
internal static class AddressTable
{
    private const char FirstWide = '\u2E80';

    internal static string Write(CloudAddresses addresses)
    {
        (string What, string Where)[] rows =
        [
            ("status: 状态页 status page", addresses.Status),
            .. addresses.Programs.Select(p => (addresses.Label(p.Key), p.Value)),
            ("login: 登录 sign-in", addresses.Login),
            ("functions", addresses.Functions),
            ("Service Bus", addresses.ServiceBus),
            ("Event Grid", addresses.EventGrid),
            ("tables", addresses.Tables),
            ("blobs", addresses.Blobs),
            ("MQTT", $"mqtts://{addresses.MqttHost}:{addresses.MqttPort}"),
            ("certificates", addresses.Certificates),
        ];
        var width = rows.Max(r => Columns(r.What));
        return rows.Aggregate(
            new StringBuilder("LocalCloud is ready.\n"),
            (table, row) => table.Append($"  {row.What}{new string(' ', width - Columns(row.What))}  {row.Where}\n")).ToString();
    }

    // A terminal gives a Chinese character two columns.
    private static int Columns(string text) => text.Sum(c => c >= FirstWide ? 2 : 1);
}
