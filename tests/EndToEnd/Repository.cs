namespace CanteenPay.EndToEnd;

/// <summary>Where things lie in the checkout.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string FunctionApp => Built("artifacts/functions", "CanteenPay.Functions");

    /// <summary>The agent as a machine gets it.</summary>
    public static string Agent => Built("artifacts/agent", "CanteenPay.DeviceAgent");

    /// <summary>The agent as it is built beside the tests, an executable of its own.</summary>
    public static string BuiltAgent => Path.Combine(
        Built("device-agent/CanteenPay.DeviceAgent/bin/Release/net10.0", "CanteenPay.DeviceAgent"), "CanteenPay.DeviceAgent");

    public static string LocalCloud => Path.Combine(
        Built("infra/local/CanteenPay.LocalCloud/bin/Release/net10.0", "CanteenPay.LocalCloud"), "CanteenPay.LocalCloud");

    public static string Lunch => Path.Combine(Built("infra/local/CanteenPay.Lunch/bin/Release/net10.0", "CanteenPay.Lunch"), "CanteenPay.Lunch");

    public static string Settle => Built("infra/local/CanteenPay.Settle/bin/Release/net10.0", "CanteenPay.Settle");

    public static string BankSimulator => Path.Combine(
        Built("infra/local/CanteenPay.BankSimulator/bin/Release/net10.0", "CanteenPay.BankSimulator"), "CanteenPay.BankSimulator");

    public static string Clip(string id) => Path.Combine(Root, "device-agent/CanteenPay.DeviceAgent/Voice/clips", $"{id}.wav");

    private static string Built(string folder, string file)
    {
        var path = Path.Combine(Root, folder);
        return File.Exists(Path.Combine(path, file))
            ? path
            : throw new InvalidOperationException($"{folder}/{file} is not built: run infra/local/test.sh, which builds it before the tests.");
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CanteenPay.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("CanteenPay.sln is in no folder above the tests.");
    }
}
