using System.Collections.Immutable;
using System.Globalization;

namespace CanteenPay.Lunch.Stack;

/// <summary>Who takes part: merchants, and the machines at their counters. Ids are Crockford base32 of 8, as the cloud draws them.</summary>
internal sealed record CanteenLayout(ImmutableArray<LunchMerchant> Merchants, ImmutableArray<LunchMachine> Machines)
{
    private const string FirstChannelMerchant = "755100000";

    /// <summary>Whose a machine is.</summary>
    public LunchMerchant MerchantOf(LunchMachine machine) => Merchants.Single(merchant => merchant.Id == machine.Merchant);

    /// <summary>So many machines; from two on they belong to two merchants in turn.</summary>
    public static CanteenLayout Of(int machines)
    {
        ImmutableArray<LunchMerchant> merchants =
        [
            new("CANTEEN1", "一食堂", FirstChannelMerchant + "1"),
            .. machines > 1 ? [new LunchMerchant("CANTEEN2", "二食堂", FirstChannelMerchant + "2")] : Array.Empty<LunchMerchant>(),
        ];
        return new(merchants, [.. Enumerable.Range(1, machines).Select(number => new LunchMachine(
            number.ToString("'TERM'0000", CultureInfo.InvariantCulture),
            merchants[(number - 1) % merchants.Length].Id,
            $"{number} 号窗口",
            $"machine-{number}"))]);
    }
}

/// <summary>A merchant.</summary>
/// <param name="Id">With us.</param>
/// <param name="Name">For people.</param>
/// <param name="ChannelId">At the bank.</param>
internal sealed record LunchMerchant(string Id, string Name, string ChannelId)
{
    /// <summary>The number of one of its staff cards.</summary>
    /// <param name="card">Counted from 0.</param>
    public string CardNo(int card) => string.Create(CultureInfo.InvariantCulture, $"C{Id[^1]}{card:D6}");
}

/// <summary>A machine.</summary>
/// <param name="Id">Its id, and its certificate's common name.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Name">For people.</param>
/// <param name="Program">Its agent's name among LocalCloud's programs.</param>
internal sealed record LunchMachine(string Id, string Merchant, string Name, string Program);
