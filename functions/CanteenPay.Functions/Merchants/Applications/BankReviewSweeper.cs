using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>Asks the bank about applications that it reviews, and sends those that it has not had.</summary>
internal sealed class BankReviewSweeper(ApplicationStore store, MerchantIndex index, BankReview review, RegistrationPort port) : ISweeper
{
    private const int MostAtOnce = 100;

    /// <summary>An application is noted before its state says so: a note is left alone until that must have happened.</summary>
    private static readonly TimeSpan LongestSending = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        await foreach (var (merchant, notedAt) in index.WithBankAsync(cancellationToken).Take(MostAtOnce))
        {
            try
            {
                if (await store.FindAsync(merchant, cancellationToken) is { State: MerchantState.WithBank } row)
                    await review.GoOnAsync(row, port.AskEvery - BankReview.Pause, cancellationToken);
                else if (now - notedAt > LongestSending)
                    await index.ForgetWithBankAsync(merchant, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One application that fails must not keep the sweep from the others.
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
            throw new AggregateException($"{failures.Count} applications could not be taken to the bank.", failures);
    }
}
