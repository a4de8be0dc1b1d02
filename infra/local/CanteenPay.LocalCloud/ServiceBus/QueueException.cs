namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>Why a queue refused something.</summary>
internal enum QueueRefusal
{
    QueueNotFound,
    TooLarge,
    QuotaExceeded,
    BadMessage,
}

/// <summary>A queue refused what was asked of it; <see cref="Refusal"/> says why, for the answer on the wire.</summary>
internal sealed class QueueException(QueueRefusal refusal, string message) : Exception(message)
{
    public QueueRefusal Refusal { get; } = refusal;
}
