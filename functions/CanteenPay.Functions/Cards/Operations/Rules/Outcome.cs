using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>What an operation does to its account.</summary>
internal abstract record Outcome;

/// <summary>It is done.</summary>
/// <param name="Account">The account after it; its version is counted up when it is written.</param>
/// <param name="Entries">What the ledger gets; none where no money moves.</param>
internal sealed record Moved(CardAccount Account, IReadOnlyList<LedgerEntry> Entries) : Outcome;

/// <summary>It is not done, and never will be under its key.</summary>
/// <param name="Code">For programs; see <see cref="OperationRefusal"/>.</param>
/// <param name="Message">For people: who, what, what to do.</param>
internal sealed record Refused(string Code, string Message) : Outcome;

/// <summary>Why an operation is refused, for programs.</summary>
internal static class OperationRefusal
{
    /// <summary>The account is being closed, or is.</summary>
    public const string AccountClosed = "accountClosed";

    /// <summary>The id that was drawn for a new account is another's.</summary>
    public const string AccountTaken = "accountTaken";

    /// <summary>The account's card type is not in the merchant's rules.</summary>
    public const string CardTypeUnknown = "cardTypeUnknown";

    /// <summary>The number was issued before.</summary>
    public const string CardTaken = "cardTaken";

    /// <summary>The account has no such card.</summary>
    public const string CardUnknown = "cardUnknown";

    /// <summary>The card stands otherwise than the operation needs it.</summary>
    public const string CardState = "cardState";

    /// <summary>The account has as many cards as it can have.</summary>
    public const string TooManyCards = "tooManyCards";

    /// <summary>The account has as many lots as it can have.</summary>
    public const string TooManyLots = "tooManyLots";

    /// <summary>The account has no such lot, or it is not one of a subsidy.</summary>
    public const string LotUnknown = "lotUnknown";

    /// <summary>A subsidy would have ended before it began.</summary>
    public const string ValidUntilPast = "validUntilPast";

    /// <summary>There is nothing left that could expire or be paid out.</summary>
    public const string NothingLeft = "nothingLeft";

    /// <summary>What is to be taken back is not there, or not of a kind that can be.</summary>
    public const string NotReversible = "notReversible";

    /// <summary>The machine still holds a part of the tap. Not kept under the key.</summary>
    public const string NotBookedYet = "notBookedYet";

    /// <summary>It was taken back before.</summary>
    public const string AlreadyReversed = "alreadyReversed";

    /// <summary>Of what is to be taken back some was spent.</summary>
    public const string AlreadySpent = "alreadySpent";

    /// <summary>The key names another operation.</summary>
    public const string KeyReused = "keyReused";
}
