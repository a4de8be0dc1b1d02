namespace CanteenPay.Channels.Registration;

/// <summary>Where and as whom we register merchants, secret included: <see cref="ToString"/> leaves it out.</summary>
public sealed record BankRegistrationOptions
{
    /// <summary>The bank's address, below which the services are: https, or http on a loopback address.</summary>
    public required Uri Url { get; init; }

    /// <summary>Our number at the bank.</summary>
    public required string PlatformId { get; init; }

    /// <summary>The key that requests and answers are signed with.</summary>
    public required string Key { get; init; }

    /// <summary>The line of business (<c>industryId</c>); 5812, eating places, is the card schemes' number for canteens.</summary>
    public string IndustryId { get; init; } = "5812";

    /// <summary>How long a request may take, at most a minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Url = ").Append(Url).Append(", PlatformId = ").Append(PlatformId);
        return true;
    }
}
