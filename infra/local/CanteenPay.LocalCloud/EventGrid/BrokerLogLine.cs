using System.Text.RegularExpressions;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>What mosquitto's log (topic <c>$SYS/broker/log/N</c>) says about a client coming or going.</summary>
/// <param name="ClientId">The client id.</param>
/// <param name="Connected">It came; otherwise it went.</param>
/// <param name="UserName">Common name of its certificate, when it came.</param>
internal sealed partial record BrokerLogLine(string ClientId, bool Connected, string? UserName)
{
    /// <returns>Null for a line that says something else.</returns>
    internal static BrokerLogLine? Read(string line)
    {
        if (Came().Match(line) is { Success: true } came)
        {
            return new(came.Groups["id"].Value, true, came.Groups["user"].Value);
        }

        return Went().Match(line) is { Success: true } went ? new(went.Groups["id"].Value, false, null) : null;
    }

    [GeneratedRegex(@"New client connected from \S+ as (?<id>\S+) \(.*u'(?<user>[^']*)'", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Came();

    [GeneratedRegex(
        @"(Client (?<id>\S+) (disconnected|closed its connection|has exceeded timeout)|(error|Error) on client (?<id>\S+), disconnecting)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Went();
}
