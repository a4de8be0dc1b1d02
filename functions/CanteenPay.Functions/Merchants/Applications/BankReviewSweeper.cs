using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>Asks the bank about applications that it reviews, and sends those that it has not had.</summary>
internal sealed class BankReviewSweeper(ApplicationStore store, MerchantIndex index, BankReview review, RegistrationPort port) : ISweeper
{
    internal const int MostAtOnce = 100;

    /// <summary>An application is noted before its state says so: a note is left alone until that must have happened.</summary>
    private static readonly TimeSpan LongestSending = TimeSpan.FromMinutes(10);

    /// <summary>Where the next round goes on: so many may lie with the bank that one round does not reach them all.</summary>
    private MerchantId? _after;

    /// <inheritdoc/>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var apart = new OneByOne();
        var notes = await index.WithBankAsync(_after, cancellationToken).Take(MostAtOnce).ToListAsync(cancellationToken);
        _after = notes.Count == MostAtOnce ? notes[^1].Merchant : null;
        foreach (var note in notes)
            await apart.TryAsync(() => GoOnAsync(note, now, cancellationToken), cancellationToken);
        apart.End("applications could not be taken to the bank");
    }

    private async Task GoOnAsync(WithBankNote note, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(note.Merchant, cancellationToken) is { IsAskedAbout: true } row)
            await review.GoOnAsync(row, port.AskEvery - BankReview.Pause, cancellationToken);
        else if (now - note.At > LongestSending)
            await index.ForgetWithBankAsync(note, cancellationToken);
    }
}
