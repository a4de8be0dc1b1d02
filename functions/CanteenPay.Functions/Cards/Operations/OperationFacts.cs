using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>Reads what an operation's rules must know beside the account.</summary>
internal sealed class OperationFacts(CardStore cards, OperationStore store, BookedTaps taps)
{
    /// <summary>The facts as they are now.</summary>
    public async Task<Facts> ReadAsync(OperationRow row, CancellationToken cancellationToken) => row.Operation switch
    {
        OpenAccount open => new()
        {
            // As they are now: a type that was added a moment ago is known.
            Rules = (await cards.FindAsync<RulesRow>(row.Merchant, CardKeys.Rules, cancellationToken))?.Settings.Cards,
            OwnerOfNewCard = await OwnerAsync(row.Merchant, open.Card, cancellationToken),
        },
        ReplaceCard replace => new() { OwnerOfNewCard = await OwnerAsync(row.Merchant, replace.NewCard, cancellationToken) },
        ReverseTap tap => await OfTapAsync(row.Merchant, tap, cancellationToken),
        ReverseOperation operation => await OfOperationAsync(row, operation, cancellationToken),
        _ => new(),
    };

    /// <summary>Rows that are written with what an operation moves, and must not be there yet: so a number is issued once, and a thing taken back once.</summary>
    public static IEnumerable<ITableEntity> Beside(OperationRow row, Facts facts) => row.Operation switch
    {
        OpenAccount open => [new CardRow(row.Merchant, open.Card, row.Account)],
        ReplaceCard replace => [new CardRow(row.Merchant, replace.NewCard, row.Account)],
        ReverseTap when facts.Tap is [var first, ..] => [new ReversalRow(row.Merchant, first.TapId, row.Key)],
        ReverseOperation reverse => [new TableEntity(row.Merchant.Value, ReversalOf(reverse.Operation)) { ["By"] = row.Key }],
        _ => [],
    };

    /// <summary>No tap's id has a hyphen.</summary>
    private static string ReversalOf(string operation) => $"{CardKeys.ReversalPrefix}op-{operation}";

    private async Task<AccountId?> OwnerAsync(MerchantId merchant, CardNo card, CancellationToken cancellationToken) =>
        (await cards.FindAsync<CardRow>(merchant, CardKeys.Card(card), cancellationToken))?.Account;

    private async Task<Facts> OfTapAsync(MerchantId merchant, ReverseTap tap, CancellationToken cancellationToken)
    {
        var tapped = await taps.FindAsync(merchant, tap, cancellationToken);
        return tapped is { IsWhole: true, Parts: [var first, ..] }
            ? new() { Tap = tapped.Parts, ReversedBefore = await cards.FindAsync<ReversalRow>(merchant, CardKeys.Reversal(first.TapId), cancellationToken) is not null }
            : new();
    }

    private async Task<Facts> OfOperationAsync(OperationRow row, ReverseOperation reverse, CancellationToken cancellationToken)
    {
        var reversed = await store.FindAsync(row.Merchant, reverse.Operation, cancellationToken);
        if (reversed?.Account != row.Account || reversed.Operation is not (TopUp or GrantSubsidy))
            return new();
        return new()
        {
            Operation = (await store.FindStepAsync(reversed, 0, cancellationToken))?.Entries,
            ReversedBefore = await cards.FindAsync<TableEntity>(row.Merchant, ReversalOf(reverse.Operation), cancellationToken) is not null,
        };
    }
}
