namespace CanteenPay.Functions.Payments.Rules;

/// <summary>
/// Where an order stands. <c>Requested → AwaitingPayment → (Closing) → Paid | Closed | Failed</c>; <c>Paid → PartlyRefunded → Refunded</c>;
/// <c>Closed | Failed → LatePaid → Refunded</c>.
/// </summary>
internal enum OrderState
{
    /// <summary>Stored; the channel has not given a QR yet.</summary>
    Requested,

    /// <summary>The QR is on the machine's screen.</summary>
    AwaitingPayment,

    /// <summary>Given up at the till; the channel is still asked whether it was paid.</summary>
    Closing,

    /// <summary>Paid, on the word of the channel.</summary>
    Paid,

    /// <summary>Certainly not paid, and can no longer be.</summary>
    Closed,

    /// <summary>The channel refused to make the order: no QR was ever shown.</summary>
    Failed,

    /// <summary>Paid after it had been closed or refused: the money goes back, and is never announced as paid.</summary>
    LatePaid,

    /// <summary>Part of the money went back.</summary>
    PartlyRefunded,

    /// <summary>All of the money went back.</summary>
    Refunded,
}

/// <summary>Groups of states.</summary>
internal static class OrderStates
{
    /// <summary>Whether the order may still become <see cref="OrderState.Paid"/>.</summary>
    public static bool IsOpen(this OrderState state) => state is OrderState.Requested or OrderState.AwaitingPayment or OrderState.Closing;
}
