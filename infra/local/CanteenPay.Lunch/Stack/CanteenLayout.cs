using System.Collections.Immutable;
using System.Globalization;

namespace CanteenPay.Lunch.Stack;

/// <summary>
/// Who takes part: merchants, and the machines at their counters. The cloud draws their ids; until it has, they go by names of the lunch's own, which stand in braces
/// in its configuration.
/// </summary>
internal sealed record CanteenLayout(ImmutableArray<LunchMerchant> Merchants, ImmutableArray<LunchMachine> Machines)
{
    /// <summary>Whose a machine is.</summary>
    public LunchMerchant MerchantOf(LunchMachine machine) => Merchants.Single(merchant => merchant.Id == machine.Merchant);

    /// <summary>So many machines; from two on they belong to two merchants in turn.</summary>
    public static CanteenLayout Of(int machines)
    {
        ImmutableArray<LunchMerchant> merchants =
        [
            new("CANTEEN1", 1, "一食堂", "91110000600037341L"),
            .. machines > 1 ? [new LunchMerchant("CANTEEN2", 2, "二食堂", "9144030071526726XG")] : Array.Empty<LunchMerchant>(),
        ];
        return new(merchants, [.. Enumerable.Range(1, machines).Select(number => new LunchMachine(
            number.ToString("'TERM'0000", CultureInfo.InvariantCulture),
            merchants[(number - 1) % merchants.Length].Id,
            $"{number} 号窗口",
            $"machine-{number}"))]);
    }

    /// <summary>With the ids that the cloud has drawn, by the names of here.</summary>
    /// <exception cref="LunchException">One is missing.</exception>
    public CanteenLayout Drawn(IReadOnlyDictionary<string, string> ids)
    {
        return new(
            [.. Merchants.Select(merchant => merchant with { Id = IdOf(merchant.Id) })],
            [.. Machines.Select(machine => machine with { Id = IdOf(machine.Id), Merchant = IdOf(machine.Merchant) })]);

        string IdOf(string name) => ids.TryGetValue(name, out var id) ? id : throw new LunchException($"The cloud has drawn no id for {name}.");
    }
}

/// <summary>A merchant.</summary>
/// <param name="Id">With us.</param>
/// <param name="Number">Counted from 1.</param>
/// <param name="Name">For people.</param>
/// <param name="Licence">Of which it is a merchant: an example of the standard.</param>
internal sealed record LunchMerchant(string Id, int Number, string Name, string Licence)
{
    /// <summary>The number of one of its staff cards.</summary>
    /// <param name="card">Counted from 0.</param>
    public string CardNo(int card) => string.Create(CultureInfo.InvariantCulture, $"C{Number}{card:D6}");
}

/// <summary>A machine.</summary>
/// <param name="Id">Its id, and its certificate's common name.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Name">For people.</param>
/// <param name="Program">Its agent's name among LocalCloud's programs.</param>
internal sealed record LunchMachine(string Id, string Merchant, string Name, string Program);
