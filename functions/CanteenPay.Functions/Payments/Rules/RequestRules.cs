using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>Which requests for a QR are accepted.</summary>
internal static class RequestRules
{
    /// <summary>Nobody waits any longer for a QR that was asked for so long ago.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    /// <summary>The time that a machine states is kept, not reckoned with; one that no clock of about today can show was not made by our agent.</summary>
    private static readonly TimeSpan ClockMayDiffer = TimeSpan.FromDays(2);

    /// <summary>Why a request is refused (a <see cref="RefusalCode"/>); null when it is not.</summary>
    /// <param name="request">What the machine asks.</param>
    /// <param name="sender">The machine, by the broker's word.</param>
    /// <param name="sentAt">When the broker took the message.</param>
    /// <param name="device">The sender in the registry.</param>
    /// <param name="merchant">The sender's merchant in the registry.</param>
    /// <param name="now">The cloud's clock.</param>
    public static string? Refusal(
        PayRequest request, DeviceId sender, DateTimeOffset sentAt, DeviceProfile? device, MerchantProfile? merchant, DateTimeOffset now)
    {
        if (device is not { IsActive: true } || request.OrderId.Device != sender
            || request.OrderId.Merchant != device.Merchant || request.MerchantId != device.Merchant)
        {
            return RefusalCode.DeviceNotAllowed;
        }

        if (merchant is null or { IsClosed: true })
            return RefusalCode.MerchantNotActive;
        if (!merchant.MayCollect(BusinessDay.Of(now)))
            return merchant.IsActive ? RefusalCode.ServiceEnded : RefusalCode.MerchantSuspended;
        if (!request.Amount.IsKeyable || request.Kind != PayRequest.MealKind)
            return RefusalCode.AmountNotAllowed;
        if (request.ExpiresInS is < PayRequest.MinScreenSeconds or > PayRequest.MaxScreenSeconds)
            return RefusalCode.BadRequest;
        if (request.RetryOf is { } replaced && replaced.Device != sender)
            return RefusalCode.BadRequest;
        if (!IsOfOurTime(request.RequestedAt, now))
            return RefusalCode.BadRequest;
        if (now - sentAt > MaxAge)
            return RefusalCode.RequestTooOld;
        return IsOfAboutToday(request.OrderId, now) ? null : RefusalCode.RequestTooOld;
    }

    /// <summary>Whether a time that a machine states can be the one of a key that was pressed at about this time.</summary>
    public static bool IsOfOurTime(DateTimeOffset stated, DateTimeOffset now) => (now - stated).Duration() <= ClockMayDiffer;

    /// <summary>Whether an order's date is at most a day off: a machine's clock may be a little wrong, and midnight passes.</summary>
    public static bool IsOfAboutToday(OrderId order, DateTimeOffset now) => Math.Abs(order.Day.DayNumber - BusinessDay.Of(now).DayNumber) <= 1;
}
