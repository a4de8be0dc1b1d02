namespace CanteenPay.LocalCloud.Processes;

/// <summary>Finds foreign programs.</summary>
internal static class Executable
{
    /// <summary>Looks through PATH, and where daemons are that an ordinary user's PATH leaves out.</summary>
    /// <exception cref="LocalCloudException">It is not installed; <paramref name="remedy"/> is said.</exception>
    internal static string Find(string name, string remedy) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/local/sbin"
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists)
        ?? throw new LocalCloudException($"{name} is not installed. {remedy}");
}
