namespace CanteenPay.Functions.Operations;

/// <summary>What a capability does once a night, at 01:30 in Asia/Shanghai. It may be called twice in a night, and a night may be left out.</summary>
internal interface INightChore
{
    /// <summary>Does what is due by now.</summary>
    Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
