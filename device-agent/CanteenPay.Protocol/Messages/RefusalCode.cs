namespace CanteenPay.Protocol;

/// <summary>Why an order or a refund was refused.</summary>
public static class RefusalCode
{
    /// <summary>The machine is not enrolled, is blocked, or belongs to another merchant.</summary>
    public const string DeviceNotAllowed = "device-not-allowed";

    /// <summary>The merchant may not take cloud pay.</summary>
    public const string MerchantNotActive = "merchant-not-active";

    /// <summary>The merchant may not collect for now.</summary>
    public const string MerchantSuspended = "merchant-suspended";

    /// <summary>The merchant's subscription is past its grace.</summary>
    public const string ServiceEnded = "service-ended";

    /// <summary>The amount is not one that may be keyed.</summary>
    public const string AmountNotAllowed = "amount-not-allowed";

    /// <summary>A field of the request is outside its limits: the machine's settings or version are wrong.</summary>
    public const string BadRequest = "bad-request";

    /// <summary>The request came too late, or its date is more than a day off.</summary>
    public const string RequestTooOld = "request-too-old";

    /// <summary>Another request used the same order id with other content.</summary>
    public const string OrderIdReused = "order-id-reused";

    /// <summary>The cashier cancelled before the request arrived.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The channel refused the order.</summary>
    public const string ChannelRefused = "channel-refused";

    /// <summary>No order of this id is known.</summary>
    public const string UnknownOrder = "unknown-order";

    /// <summary>A refund of an order that is not paid, or was not paid on this business day, or of a refund number that is used up.</summary>
    public const string RefundNotAllowed = "refund-not-allowed";

    /// <summary>A refund of more than what is left of the payment.</summary>
    public const string RefundTooMuch = "refund-too-much";

    /// <summary>Another refund used the same key with another amount.</summary>
    public const string RefundKeyReused = "refund-key-reused";
}
