using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Restored;

/// <summary>
/// Accounts that were opened after the copy to which a merchant's cards were put back, and that people tap: what machines approved must have a place. They are opened with the
/// card that tapped and the rules' first card type; whose they are, a person finds in the audit.
/// </summary>
internal sealed class LostAccounts(CardStore cards, ILogger<LostAccounts> logger)
{
    /// <summary>Opens those that are missing; false where the merchant's cards never were put back: then no machine of ours can know such an account.</summary>
    public async Task<bool> TryOpenAsync(MerchantId merchant, IEnumerable<CardEntry> strays, CancellationToken cancellationToken)
    {
        if (await cards.FindAsync<RestoredRow>(merchant, RestoredRow.RowKey, cancellationToken) is not { } mark)
            return false;
        foreach (var of in strays.GroupBy(entry => entry.AccountId))
            await OpenAsync(merchant, of.Key, of.First().CardNo, mark.Floor, cancellationToken);
        return true;
    }

    private async Task OpenAsync(MerchantId merchant, AccountId id, CardNo card, long version, CancellationToken cancellationToken)
    {
        // The card stays with whom it was given to meanwhile.
        var isFree = await cards.FindAsync<CardRow>(merchant, CardKeys.Card(card), cancellationToken) is null;
        var type = (await cards.RulesAsync(merchant, cancellationToken))?.Settings.Cards?.CardTypes is [var first, ..] ? first.Type : "";
        var account = new CardAccount { AccountId = id, Version = version, CardType = type, Cards = isFree ? [new(card, CardState.Active)] : [] };
        var transaction = new CardTransaction().Insert(new AccountRow(merchant, account, default)).Insert(new ChangeRow(merchant, $"restored.{id}", [id]));
        if (isFree)
            transaction.Insert(new CardRow(merchant, card, id));
        if (await cards.TryWriteAsync(transaction, cancellationToken) is not null)
            CardLog.LostAccountOpened(logger, merchant.Value, id.Value);
    }
}
