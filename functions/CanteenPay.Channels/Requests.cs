namespace CanteenPay.Channels;

/// <summary>An order to be paid by QR.</summary>
public sealed record CreateQrOrder
{
    /// <summary>Our order number: 1 to 32 characters of <c>A–Z a–z 0–9 _ -</c>, never used before with this account.</summary>
    public required string OrderNo { get; init; }

    /// <summary>Total in fen, 1 to 9,999,999,999.</summary>
    public required long AmountFen { get; init; }

    /// <summary>What the diner reads in the wallet. Cut at 127 bytes of UTF-8, never inside a character.</summary>
    public required string Body { get; init; }

    /// <summary>Where the channel posts its notification: absolute http(s), at most 255 characters.</summary>
    public required string NotifyUrl { get; init; }

    /// <summary>The address of the machine that ordered, IPv4 or IPv6.</summary>
    public required string ClientIp { get; init; }

    /// <summary>When the order was made.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Until when the channel accepts a payment; after <see cref="StartedAt"/>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The machine's id as the channel's bill shall show it, at most 32 characters.</summary>
    public string? DeviceInfo { get; init; }

    /// <summary>Text that the channel hands back with the payment, at most 127 bytes of UTF-8.</summary>
    public string? Attach { get; init; }
}

/// <summary>A refund of an order, or the question for it.</summary>
public sealed record RefundRequest
{
    /// <summary>The paid order's number.</summary>
    public required string OrderNo { get; init; }

    /// <summary>Our refund number: 1 to 32 characters of <c>A–Z a–z 0–9 _ -</c>. The same number is the same refund.</summary>
    public required string RefundNo { get; init; }

    /// <summary>The order's total in fen.</summary>
    public required long TotalFen { get; init; }

    /// <summary>What goes back in fen, 1 to <see cref="TotalFen"/>.</summary>
    public required long RefundFen { get; init; }

    /// <summary>Who asked for it, for the bank's records; the merchant number when null.</summary>
    public string? OperatorId { get; init; }
}
