using Azure;

namespace CanteenPay.Azure.Tables;

/// <summary>A transaction was refused; nothing of it was written.</summary>
public sealed class TableTransactionFailedException(int status, string message, string? errorCode, int? failedTransactionActionIndex, Exception? inner = null)
    : RequestFailedException(status, message, errorCode, inner)
{
    /// <summary>Which action failed, from 0; null when the service did not say.</summary>
    public int? FailedTransactionActionIndex { get; } = failedTransactionActionIndex;
}
