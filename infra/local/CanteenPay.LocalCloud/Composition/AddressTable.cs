using System.Text;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>The addresses as one table for the terminal.</summary>
internal static class AddressTable
{
    internal static string Write(CloudAddresses addresses)
    {
        (string What, string Where)[] rows =
        [
            ("status page", addresses.Status),
            .. addresses.Programs.Select(p => (p.Key, p.Value)),
            ("functions", addresses.Functions),
            ("Service Bus", addresses.ServiceBus),
            ("Event Grid", addresses.EventGrid),
            ("tables", addresses.Tables),
            ("MQTT", $"mqtts://{addresses.MqttHost}:{addresses.MqttPort}"),
            ("certificates", addresses.Certificates),
        ];
        var width = rows.Max(r => r.What.Length);
        return rows.Aggregate(new StringBuilder("LocalCloud is ready.\n"), (table, row) => table.Append($"  {row.What.PadRight(width)}  {row.Where}\n")).ToString();
    }
}
