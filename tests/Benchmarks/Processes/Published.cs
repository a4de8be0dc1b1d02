using CanteenPay.EndToEnd;

namespace CanteenPay.Benchmarks.Processes;

/// <summary>What was published for the measurement: ours, and beside each a bare program published the same way.</summary>
internal static class Published
{
    public static string FunctionApp => Find("functions", "CanteenPay.Functions");

    public static string Agent => Find("agent", "CanteenPay.DeviceAgent");

    /// <summary>Nothing but Kestrel with one endpoint, published as the function app is.</summary>
    public static string BareWeb => Find("floors/web", "CanteenPay.BareWeb");

    /// <summary>Nothing but a Generic Host, published as the agent is.</summary>
    public static string BareHost => Find("floors/host", "CanteenPay.BareHost");

    /// <summary>Everything in an executable's folder, in MB.</summary>
    public static double MegabytesOnDisk(string executable) =>
        new DirectoryInfo(Path.GetDirectoryName(executable)!).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1e6;

    private static string Find(string folder, string executable)
    {
        var path = Path.Combine(Repository.Root, "artifacts", folder, executable);
        return File.Exists(path) ? path : throw new FileNotFoundException($"artifacts/{folder}/{executable} is not published: run infra/local/bench.sh, which does it first.");
    }
}
