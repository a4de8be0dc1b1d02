using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.TableAdmin.Restoring;

/// <summary>What is asked for: <c>COPY TABLE --from BLOBS --to ACCOUNT [--account NAME] [--merchant ID | --partition KEY] [--write | --replace] [--incomplete] [--yes]</c>.</summary>
/// <param name="Copy">Which copy.</param>
/// <param name="Table">Which table.</param>
/// <param name="From">The account with the copies: an https address, or a connection string.</param>
/// <param name="To">The account whose table is restored: an https address, or a connection string.</param>
internal sealed record RestoreOptions(string Copy, string Table, string From, string To)
{
    /// <summary>Which account's table is taken from the copy, by its name in the app's settings.</summary>
    public string Account { get; private init; } = TableAccounts.Main;

    /// <summary>Which rows.</summary>
    public RowRange Range { get; private init; } = RowRange.All;

    /// <summary>What may be written.</summary>
    public SinkMode Mode { get; private init; } = SinkMode.Look;

    /// <summary>Whether a copy that is not whole is good enough.</summary>
    public bool MayBeIncomplete { get; private init; }

    /// <summary>Whether nobody is to be asked.</summary>
    public bool IsSure { get; private init; }

    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">Those behind <c>restore</c>.</param>
    /// <param name="variable">An environment variable: what is no https address is the name of one that holds a connection string, so that no key stands in a command line.</param>
    /// <exception cref="AdminException">They are not such.</exception>
    public static RestoreOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> variable)
    {
        var (named, flags, rest) = (new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new List<string>());
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--from" or "--to" or "--account" or "--merchant" or "--partition" when i + 1 < arguments.Count && named.TryAdd(arguments[i], arguments[i + 1]):
                    i++;
                    break;
                case "--write" or "--replace" or "--incomplete" or "--yes" when flags.Add(arguments[i]):
                    break;
                case var text when !text.StartsWith("--", StringComparison.Ordinal):
                    rest.Add(text);
                    break;
                default:
                    throw new AdminException($"参数不对 / Not understood here: {arguments[i]}");
            }
        }

        if (rest is not [var copy, var table] || !named.TryGetValue("--from", out var from) || !named.TryGetValue("--to", out var to))
            throw new AdminException("用法 Usage: infra/tables.sh restore COPY TABLE --from BLOBS --to ACCOUNT [--account NAME] [--merchant ID | --partition KEY] [--write | --replace] [--incomplete] [--yes]");
        if (!CopyLabel.Is(copy))
            throw new AdminException($"'{copy}' 不是副本名，例如 2026-11-23 / '{copy}' is no name of a copy such as 2026-11-23 or 2026-11-23T0312.");
        if (flags.IsSupersetOf(["--write", "--replace"]))
            throw new AdminException("--write 与 --replace 只能选一个 / One of --write and --replace, not both.");
        return new(copy, table, Address(from, variable), Address(to, variable))
        {
            Account = named.GetValueOrDefault("--account", TableAccounts.Main),
            Range = RangeOf(named.GetValueOrDefault("--merchant"), named.GetValueOrDefault("--partition")),
            Mode = flags.Contains("--replace") ? SinkMode.Replace : flags.Contains("--write") ? SinkMode.AddMissing : SinkMode.Look,
            MayBeIncomplete = flags.Contains("--incomplete"),
            IsSure = flags.Contains("--yes"),
        };
    }

    private static RowRange RangeOf(string? merchant, string? partition) => (merchant, partition) switch
    {
        (null, null) => RowRange.All,
        (null, { } key) => RowRange.Partition(key),
        ({ } text, null) => MerchantId.TryParse(text, null, out var id) ? RowRange.Of(id) : throw new AdminException($"'{text}' 不是商户号 / '{text}' is no merchant's id."),
        _ => throw new AdminException("--merchant 与 --partition 只能选一个 / One of --merchant and --partition, not both."),
    };

    private static string Address(string text, Func<string, string?> variable) =>
        text.StartsWith("https://", StringComparison.Ordinal) ? text
        : variable(text) is { Length: > 0 } value ? value
        : throw new AdminException($"'{text}' 既不是 https 地址，也不是环境变量 / '{text}' is neither an https address nor an environment variable that holds a connection string.");
}
