using Azure.Core;
using Azure.Core.Pipeline;

namespace CanteenPay.Azure.Tables;

/// <summary>Marks the requests that are transactions, and lets the retry policy repeat one that was refused because the service was busy.</summary>
internal sealed class TransactionClassifier : ResponseClassifier
{
    public override bool IsRetriableException(Exception exception) =>
        base.IsRetriableException(exception) || exception is TableTransactionFailedException { Status: 408 or 429 or >= 500 };
}

/// <summary>
/// A transaction's answer is 202 even when the service was busy, and the retry policy looks no deeper. So that answer becomes an exception here, inside of the retries.
/// </summary>
internal sealed class BusyTransactionPolicy : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("Tables are used asynchronously.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        if (message is { ResponseClassifier: TransactionClassifier, Response.Status: 202 }
            && TransactionAnswer.Read(message.Response.Content.ToMemory()).Failure is { Status: 408 or 429 or >= 500 } busy)
        {
            throw busy.ToException();
        }
    }
}
