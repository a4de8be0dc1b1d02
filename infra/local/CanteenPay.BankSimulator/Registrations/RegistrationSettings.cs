namespace CanteenPay.BankSimulator.Registrations;

/// <summary>Who may register merchants here.</summary>
internal sealed record RegistrationSettings
{
    /// <summary>The platform's number with the bank.</summary>
    public required string PlatformId { get; init; }

    /// <summary>The key that both sign with.</summary>
    public required string Key { get; init; }

    /// <summary>The service provider whose merchants the registered ones become.</summary>
    public required string AgentNo { get; init; }

    /// <summary>Where registrations outlive the bank; null: in a folder that ends with it.</summary>
    public required string? Folder { get; init; }

    /// <summary>Reads the section; null when it is not there.</summary>
    /// <exception cref="BankSettingsException">A part is missing, or the service provider has no key.</exception>
    public static RegistrationSettings? Read(IConfigurationSection section, IReadOnlyDictionary<string, string> agents)
    {
        if (!section.Exists())
            return null;
        var settings = new RegistrationSettings
        {
            PlatformId = Required(section, "PlatformId"),
            Key = Required(section, "Key"),
            AgentNo = Required(section, "AgentNo"),
            Folder = section["Folder"],
        };
        return agents.ContainsKey(settings.AgentNo)
            ? settings
            : throw new BankSettingsException($"Registration:AgentNo: there is no Agents:{settings.AgentNo}:Key.");
    }

    private static string Required(IConfigurationSection section, string name) =>
        section[name] is { Length: > 0 } value ? value : throw new BankSettingsException($"Registration:{name} is missing.");

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("PlatformId = ").Append(PlatformId);
        return true;
    }
}
