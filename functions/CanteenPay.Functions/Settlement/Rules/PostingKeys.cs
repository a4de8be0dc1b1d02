using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>Keys of postings: <c>pay-{orderId}</c>, <c>refund-{refundId}</c>, and <c>adj-</c> before one of these where it counts on a later day than its own.</summary>
internal static class PostingKeys
{
    /// <summary>How the key of an adjustment begins.</summary>
    public const string Adjustment = "adj-";

    /// <summary>The key of a payment.</summary>
    public static string OfPayment(OrderId order) => $"pay-{order}";

    /// <summary>The key of a refund.</summary>
    public static string OfRefund(RefundId refund) => $"refund-{refund}";

    /// <summary>The key under which an event counts on a later day.</summary>
    public static string Adjusted(string key) => Adjustment + key;

    /// <summary>Whether it counts on a later day than its own, which was closed.</summary>
    public static bool IsAdjustment(string key) => key.StartsWith(Adjustment, StringComparison.Ordinal);
}
