using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants;

/// <summary>
/// What payments need to know of a merchant: row <c>profile</c>, there from its activation on. Rates and the end of its service stand here once more, written in
/// one transaction with the rows that say them, so that a payment reads one row.
/// </summary>
/// <param name="Id">The merchant.</param>
/// <param name="Name">The name that diners read in their wallet.</param>
/// <param name="Channel">Which channel collects for it.</param>
/// <param name="ChannelMerchantId">Its number there: the verification code.</param>
/// <param name="IsActive">Whether it may collect; false while it is suspended and when it is closed.</param>
internal sealed record MerchantProfile(MerchantId Id, string Name, string Channel, string ChannelMerchantId, bool IsActive) : ITableEntity<MerchantProfile>
{
    /// <summary>It collects no more, for good.</summary>
    public bool IsClosed { get; init; }

    /// <summary>What payments cost it, from when.</summary>
    public RateCalendar Rates { get; init; } = RateCalendar.Empty;

    /// <summary>The last day that its service is paid for; null for one without a subscription.</summary>
    public DateOnly? PaidUntil { get; init; }

    /// <summary>The last day on which it may collect: the end of the grace after <see cref="PaidUntil"/>.</summary>
    public DateOnly? CollectUntil { get; init; }

    /// <summary>The version that was read; default for one that was made here.</summary>
    public ETag Version { get; init; }

    /// <summary>How far it is.</summary>
    public MerchantState State => IsActive ? MerchantState.Active : IsClosed ? MerchantState.Closed : MerchantState.Suspended;

    /// <summary>What a payment of a settlement date costs it, in hundredths of a percent.</summary>
    public int RateOn(DateOnly day) => Rates.On(day).BasisPoints;

    /// <summary>Whether a new cloud payment may begin on a day. Taps and money in flight go on whatever it says.</summary>
    public bool MayCollect(DateOnly day) => IsActive && !HasEnded(day);

    /// <summary>Whether its service has ended, grace included.</summary>
    public bool HasEnded(DateOnly day) => CollectUntil < day;

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Id.Value, MerchantRegistry.ProfileRow)
        {
            ["Name"] = Name,
            ["Channel"] = Channel,
            ["ChannelMerchantId"] = ChannelMerchantId,
            ["State"] = State.Name(),
            ["Rates"] = Rates.ToString(),
        };
        row.SetIfAny("PaidUntil", PaidUntil);
        row.SetIfAny("CollectUntil", CollectUntil);
        return row;
    }

    /// <inheritdoc/>
    public static MerchantProfile FromTableEntity(TableEntity row)
    {
        var state = MerchantStates.Parse(row.GetString("State"));
        return new(
            MerchantId.Parse(row.PartitionKey),
            row.GetString("Name") ?? "",
            row.GetString("Channel") ?? "",
            row.GetString("ChannelMerchantId") ?? "",
            state == MerchantState.Active)
        {
            IsClosed = state == MerchantState.Closed,
            Rates = RateCalendar.Parse(row.GetString("Rates") ?? ""),
            PaidUntil = row.Date("PaidUntil"),
            CollectUntil = row.Date("CollectUntil"),
            Version = row.ETag,
        };
    }
}
