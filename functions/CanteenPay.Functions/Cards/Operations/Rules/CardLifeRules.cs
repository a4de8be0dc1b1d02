using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>Accounts that begin, and cards that come and go. The account of a lost card goes on: its other cards pay, and its money stays.</summary>
internal static class CardLifeRules
{
    /// <summary>开户发卡.</summary>
    public static Outcome Open(OpenAccount open, CardAccount account, Facts facts, Moment moment)
    {
        // One in a million millions; but it would be somebody's money.
        if (account.Version != 0)
            return new Refused(OperationRefusal.AccountTaken, $"The id {account.AccountId}, drawn for this account, is another's: ask again with a new key.");
        if (facts.Rules?.Of(open.CardType) is null)
        {
            return new Refused(
                OperationRefusal.CardTypeUnknown,
                facts.Rules is null
                    ? "The merchant has no card rules yet: set them first, or no card would pay."
                    : $"'{open.CardType}' is no card type of the merchant's rules: {string.Join(", ", facts.Rules.CardTypes.Select(type => type.Type))}.");
        }

        if (facts.OwnerOfNewCard is { } owner)
            return Taken(open.Card, owner);
        var booking = new Booking(account, moment);
        booking.Change(opened => opened with
        {
            CardType = open.CardType,
            Name = open.Name,
            Department = open.Department,
            Cards = [New(open.Card, moment)],
            Purses = [new(PurseLot.Cash, Purse.Cash, Fen.Zero)],
        });
        return booking.Done();
    }

    /// <summary>挂失.</summary>
    public static Outcome Lose(ReportLost lost, CardAccount account, Moment moment) =>
        Turn(account, lost.Card, from: CardState.Active, to: CardState.Lost, moment);

    /// <summary>解挂.</summary>
    public static Outcome Find(ReportFound found, CardAccount account, Moment moment) =>
        OperationRules.RefusedUnlessActive(account) ?? Turn(account, found.Card, from: CardState.Lost, to: CardState.Active, moment);

    /// <summary>换卡, 补卡: the old card need not have been reported lost.</summary>
    public static Outcome Replace(ReplaceCard replace, CardAccount account, Facts facts, Moment moment)
    {
        if (OperationRules.RefusedUnlessActive(account) is { } refused)
            return refused;
        if (Card(account, replace.Card) is not { } old)
            return Unknown(account, replace.Card);
        if (old.State == CardState.Cancelled)
            return new Refused(OperationRefusal.CardState, $"Card {old.No} of account {account.AccountId} was replaced before.");
        if (facts.OwnerOfNewCard is { } owner)
            return Taken(replace.NewCard, owner);
        if (RoomRules.ForCard(account, moment) is not { } roomy)
        {
            return new Refused(
                OperationRefusal.TooManyCards,
                $"Account {account.AccountId} has {RoomRules.MaxCards} cards, all of them in use or cancelled not long ago; close it and open another.");
        }

        var booking = new Booking(roomy, moment);
        booking.Change(known => With(known, old.No, CardState.Cancelled, moment));
        booking.Change(known => known with { Cards = [.. known.Cards, New(replace.NewCard, moment)] });
        return booking.Done();
    }

    private static Outcome Turn(CardAccount account, CardNo no, CardState from, CardState to, Moment moment)
    {
        if (Card(account, no) is not { } card)
            return Unknown(account, no);
        if (card.State != from)
            return new Refused(OperationRefusal.CardState, $"Card {no} of account {account.AccountId} is {card.State}, not {from}.");
        var booking = new Booking(account, moment);
        booking.Change(known => With(known, no, to, moment));
        return booking.Done();
    }

    private static CardAccount With(CardAccount account, CardNo no, CardState state, Moment moment) => account with
    {
        Cards = [.. account.Cards.Select(card => card.No == no ? card with { State = state, Since = moment.Now } : card)],
    };

    private static AccountCard New(CardNo no, Moment moment) => new(no, CardState.Active) { Since = moment.Now };

    private static AccountCard? Card(CardAccount account, CardNo no) => account.Cards.FirstOrDefault(card => card.No == no);

    private static Refused Unknown(CardAccount account, CardNo no) =>
        new(OperationRefusal.CardUnknown, $"Account {account.AccountId} has no card {no}.");

    private static Refused Taken(CardNo no, AccountId owner) => new(
        OperationRefusal.CardTaken, $"Card {no} was issued before, to account {owner}. A number is issued once: machines that were away would take its taps for the other's.");
}
