using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Simulation.People;

/// <summary>Something that the office wants done under a key.</summary>
/// <param name="Merchant">Whose office.</param>
/// <param name="Key">The key.</param>
/// <param name="Account">The account; of a new one the id that was drawn first.</param>
/// <param name="Operation">What.</param>
internal sealed record Wish(MerchantId Merchant, string Key, AccountId Account, CardOperation Operation)
{
    /// <summary>What was answered, each time.</summary>
    public List<OperationProgress> Answers { get; } = [];

    /// <summary>It was asked for so often.</summary>
    public int Asked { get; set; }

    /// <summary>Rows of the ledger that were there when it was answered first.</summary>
    public IReadOnlySet<string> RowsBefore { get; set; } = new HashSet<string>();

    /// <summary>It was answered.</summary>
    public bool IsAnswered => Answers.Count > 0;

    /// <summary>It was answered that it was not done.</summary>
    public bool IsRefused => Answers is [{ Refused: not null }, ..];
}
