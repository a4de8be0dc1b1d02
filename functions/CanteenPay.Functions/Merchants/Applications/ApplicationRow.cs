using System.Text.Json;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>An application: table <c>Merchants</c>, row <c>application</c>. It stays when it has become a merchant, and says how far that is.</summary>
/// <param name="Merchant">The merchant that it is to become.</param>
/// <param name="Distributor">Who filed it; for ever.</param>
/// <param name="Form">What was filed, with masks where numbers are sealed.</param>
/// <param name="Sealed">Those numbers.</param>
/// <param name="FiledAt">When it was begun.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record ApplicationRow(
    MerchantId Merchant, DistributorId Distributor, ApplicationForm Form, SealedFields Sealed, DateTimeOffset FiledAt, ETag Version = default)
    : ITableEntity<ApplicationRow>
{
    /// <summary>How far it is.</summary>
    public MerchantState State { get; init; } = MerchantState.Draft;

    /// <summary>Counts its changes, for callers who change what they have read.</summary>
    public int Number { get; init; } = 1;

    /// <summary>How many steps are noted beside it.</summary>
    public int Steps { get; init; }

    /// <summary>When it last went to another state.</summary>
    public DateTimeOffset MovedAt { get; init; } = FiledAt;

    /// <summary>Under which key it was filed, and what was sent then: a hash, sealed because what is hashed could be guessed.</summary>
    public string? SealedHash { get; init; }

    /// <summary>Whether the bank is asked by its interface; false when an operator keys in what it answers.</summary>
    public bool IsByInterface { get; init; }

    /// <summary>How often it was sent to the bank.</summary>
    public int Sendings { get; init; }

    /// <summary>The bank has all of the last sending.</summary>
    public bool IsSent { get; init; }

    /// <summary>When the bank was last asked.</summary>
    public DateTimeOffset? BankAskedAt { get; init; }

    /// <summary>Why the bank could not be asked, for operators.</summary>
    public string? BankTrouble { get; init; }

    /// <summary>The verification code: the merchant's number at the gateway.</summary>
    public string? Code { get; init; }

    /// <summary>Why it was returned or refused, by field; what is of no field stands under <see cref="WholeReason"/>.</summary>
    public IReadOnlyDictionary<string, string> Reasons { get; init; } = new Dictionary<string, string>();

    /// <summary>Its personal data is deleted.</summary>
    public bool IsForgotten { get; init; }

    /// <summary>Name of a reason that is of no field.</summary>
    public const string WholeReason = "application";

    private const string StateColumn = "State";

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, ApplicationStore.ApplicationRowKey)
        {
            ["DistributorId"] = Distributor.Value,
            ["Form"] = JsonSerializer.Serialize(Form, FunctionsJson.Default.ApplicationForm),
            ["FiledAt"] = FiledAt,
            [StateColumn] = State.Name(),
            ["Number"] = Number,
            ["Steps"] = Steps,
            ["MovedAt"] = MovedAt,
            ["IsByInterface"] = IsByInterface,
            ["Sendings"] = Sendings,
            ["IsSent"] = IsSent,
            ["Reasons"] = JsonSerializer.Serialize(new Dictionary<string, string>(Reasons), FunctionsJson.Default.DictionaryStringString),
            ["IsForgotten"] = IsForgotten,
        };
        row.SetIfAny("SealedResidentId", Sealed.ResidentId);
        row.SetIfAny("SealedAccount", Sealed.Account);
        row.SetIfAny("SealedPhone", Sealed.Phone);
        row.SetIfAny("SealedHash", SealedHash);
        row.SetIfAny("BankAskedAt", BankAskedAt);
        row.SetIfAny("BankTrouble", BankTrouble);
        row.SetIfAny("Code", Code);
        return row;
    }

    /// <inheritdoc/>
    public static ApplicationRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        DistributorId.Parse(row.Text("DistributorId")),
        JsonSerializer.Deserialize(row.Text("Form"), FunctionsJson.Default.ApplicationForm)
            ?? throw new InvalidOperationException($"The application of merchant {row.PartitionKey} has no form."),
        new(row.GetString("SealedResidentId"), row.GetString("SealedAccount"), row.GetString("SealedPhone")),
        row.Time("FiledAt"),
        row.ETag)
    {
        State = MerchantStates.Parse(row.Text(StateColumn))
            ?? throw new InvalidOperationException($"The application of merchant {row.PartitionKey} is in the state '{row.Text(StateColumn)}', which is none."),
        Number = row.GetInt32("Number") ?? 1,
        Steps = row.GetInt32("Steps") ?? 0,
        MovedAt = row.Time("MovedAt"),
        SealedHash = row.GetString("SealedHash"),
        IsByInterface = row.GetBoolean("IsByInterface") == true,
        Sendings = row.GetInt32("Sendings") ?? 0,
        IsSent = row.GetBoolean("IsSent") == true,
        BankAskedAt = row.GetDateTimeOffset("BankAskedAt"),
        BankTrouble = row.GetString("BankTrouble"),
        Code = row.GetString("Code"),
        Reasons = JsonSerializer.Deserialize(row.Text("Reasons"), FunctionsJson.Default.DictionaryStringString) ?? [],
        IsForgotten = row.GetBoolean("IsForgotten") == true,
    };
}
