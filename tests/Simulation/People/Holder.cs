using CanteenPay.Protocol;

namespace CanteenPay.Simulation.People;

/// <summary>Somebody with a staff card.</summary>
/// <param name="Merchant">Whose canteen.</param>
/// <param name="Account">The account.</param>
/// <param name="Card">The card in the pocket.</param>
internal sealed record Holder(MerchantId Merchant, AccountId Account, CardNo Card)
{
    /// <summary>Cards from before, which may lie anywhere.</summary>
    public IReadOnlyList<CardNo> OldCards { get; init; } = [];
}
