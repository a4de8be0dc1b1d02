using System.Globalization;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Documents;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Audit;

/// <summary>Of whom or what a request was, by the values of its route: those that are the id that their name calls for. Anybody can write anything into an address.</summary>
internal static class AuditSubject
{
    /// <summary>Names and values in the order of their names; what is not what its name says is masked.</summary>
    public static string Of(RouteValueDictionary values) => string.Join(' ', values.OrderBy(value => value.Key, StringComparer.Ordinal)
        .Select(value => $"{value.Key}={(value.Value is string text && IsWhatItIsCalled(value.Key, text) ? text : AuditMask.Hidden)}"));

    private static bool IsWhatItIsCalled(string name, string text) => name switch
    {
        "merchantId" or "merchant" => MerchantId.TryParse(text, null, out _),
        "distributorId" => DistributorId.TryParse(text, null, out _),
        "orderId" => OrderId.TryParse(text, null, out _) && AuditWords.ArePlain(text),
        "accountId" => AccountId.TryParse(text, null, out _),
        "deviceId" or "device" => DeviceId.TryParse(text, null, out _),
        "epoch" => Epoch.TryParse(text, null, out _),
        "objectId" => Guid.TryParseExact(text, "D", out _),
        "day" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "kind" => DocumentKindName.TryParse(text, out _),
        // Of what is parked, the queue and somebody's id in it: the handler says them after having found it.
        "key" => AuditWords.ArePlain(text),
        _ => false,
    };
}
