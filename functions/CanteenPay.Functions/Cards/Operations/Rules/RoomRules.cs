using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>
/// Keeps an account small: it is one row, and travels to every machine. What is over is left out when its room is needed, not before: a machine that was away for
/// long may still send what concerns it.
/// </summary>
internal static class RoomRules
{
    /// <summary>Most lots, cash included.</summary>
    public const int MaxLots = 24;

    /// <summary>Most cards, those that no longer pay included.</summary>
    public const int MaxCards = 10;

    /// <summary>Longer than any machine pays without the cloud, and than it keeps what was booked.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(60);

    /// <summary>The account with room for one lot more; null when every lot is still in use.</summary>
    public static CardAccount? ForLot(CardAccount account, Moment moment)
    {
        // Cash always has its place, also before the first top-up.
        var room = account.Purses.Any(lot => lot.Kind == Purse.Cash) ? MaxLots : MaxLots - 1;
        if (account.Purses.Count < room)
            return account;
        return account.Purses.Where(lot => IsOver(lot, moment)).MinBy(lot => lot.ValidUntil) is { } over
            ? account with { Purses = [.. account.Purses.Where(lot => lot != over)] }
            : null;
    }

    /// <summary>The account with room for one card more; null when every card may still matter.</summary>
    public static CardAccount? ForCard(CardAccount account, Moment moment)
    {
        if (account.Cards.Count < MaxCards)
            return account;
        return account.Cards.Where(card => card.State == CardState.Cancelled && card.Since < moment.Now - Remembered).MinBy(card => card.Since) is { } over
            ? account with { Cards = [.. account.Cards.Where(card => card != over)] }
            : null;
    }

    /// <summary>A lot that is used up and has no end would be begun again just as it was; one with an end must be long past it.</summary>
    private static bool IsOver(PurseLot lot, Moment moment) =>
        lot.Kind == Purse.Subsidy && lot.Balance == Fen.Zero
        && (lot is { ValidUntil: null, Expired: null }
            || (lot.ExpiredAt ?? DateTimeOffset.MinValue) < moment.Now - Remembered && (lot.ValidUntil ?? DateOnly.MinValue) < BusinessDay.Of(moment.Now - Remembered));
}
