using System.Text.RegularExpressions;

namespace CanteenPay.LocalCloud.Tests.Host;

/// <summary>The requests that the real host was recorded to send.</summary>
internal static partial class RecordedRequests
{
    public static (string Head, string Body) Of(string function)
    {
        using var reader = new StreamReader(typeof(RecordedRequests).Assembly.GetManifestResourceStream("functions-host-requests.txt")!);
        var request = reader.ReadToEnd().Split("\n-----\n").Single(r => r.StartsWith($"POST /{function} HTTP/1.1\n", StringComparison.Ordinal)).TrimEnd('\n');
        var parts = request.Split("\n\n", 2);
        return (parts[0], parts[1]);
    }

    /// <summary>Takes out what differs from run to run: the clock and the random ids of <c>sys</c>.</summary>
    public static string WithoutSys(string body) => Sys().Replace(body, "\"UtcNow\":\"?\",\"RandGuid\":\"?\"");

    /// <summary>Takes out the invocation's id and the port.</summary>
    public static string WithoutIds(string head) => Ids().Replace(head, "${name}?");

    [GeneratedRegex("\"UtcNow\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,7})?Z\",\"RandGuid\":\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sys();

    [GeneratedRegex("(?<name>InvocationId: |127\\.0\\.0\\.1:)[0-9a-f-]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ids();
}
