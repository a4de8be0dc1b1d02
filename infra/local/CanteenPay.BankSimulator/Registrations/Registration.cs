using System.Collections.Immutable;

namespace CanteenPay.BankSimulator.Registrations;

/// <summary>Where a registration stands.</summary>
internal enum RegistrationState
{
    /// <summary>Channels or pictures are missing.</summary>
    Incomplete,
    Reviewing,
    Returned,
    Refused,
    Approved,
}

/// <summary>A merchant that a platform wants to register, as the bank keeps it. Its fields are plain: a bank has to know them.</summary>
internal sealed record Registration
{
    /// <summary>A wallet each: WeChat 0005, Alipay 0007.</summary>
    public static readonly ImmutableArray<string> Channels = ["0005", "0007"];

    /// <summary>The platform's number of the merchant.</summary>
    public required string OutMchntId { get; init; }

    /// <summary>The fields of <c>mchntAdd</c>, later of <c>mchntUpd</c>.</summary>
    public required ImmutableSortedDictionary<string, string> Fields { get; init; }

    /// <summary>By <c>apiCode</c>: the fields of <c>chnlAdd</c>.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Accounts { get; init; } =
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>The bank's number of each channel, by <c>apiCode</c>.</summary>
    public ImmutableSortedDictionary<string, string> SignIds { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Kinds of the pictures that came, with the type of each.</summary>
    public ImmutableSortedDictionary<string, string> Pictures { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required RegistrationState State { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What is to be corrected, or why it is refused.</summary>
    public ImmutableArray<ReviewReason> Reasons { get; init; } = [];

    /// <summary>The merchant's number at the bank, once approved.</summary>
    public string? MchntId { get; init; }

    /// <summary>Whether the platform may still change it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOpen => State is not (RegistrationState.Approved or RegistrationState.Refused);

    /// <summary>Kinds of picture that a reviewer needs: a card that is settled to shows its number, a corporate account has none.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<string> Wanted => Accounts.Values.Any(a => a.GetValueOrDefault("acctType") == "1")
        ? ["licence", "id-front", "id-back", "bank-card"]
        : ["licence", "id-front", "id-back"];

    /// <summary>With the state that follows from what is there, after the platform changed something.</summary>
    public Registration Completed() => State is RegistrationState.Incomplete or RegistrationState.Reviewing
        ? this with { State = Channels.All(Accounts.ContainsKey) && Wanted.All(Pictures.ContainsKey) ? RegistrationState.Reviewing : RegistrationState.Incomplete }
        : this;
}
