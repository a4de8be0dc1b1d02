using CanteenPay.LocalCloud.Processes;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>The state folder, held by one LocalCloud at a time.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;

    /// <exception cref="LocalCloudException">Another LocalCloud runs on this folder, or it cannot be written.</exception>
    internal StateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            _lock = new(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocalCloudException(
                $"The state folder {path} cannot be used: {exception.Message} Does another LocalCloud run on it? End it, or choose another with --state.", exception);
        }

        Path = path;
        File.Delete(EndpointsFile);
    }

    internal string Path { get; }

    internal string EndpointsFile => System.IO.Path.Combine(Path, "endpoints.json");

    /// <summary>The port on which a part that an earlier run left behind still listens.</summary>
    internal int? RunningPort(string name) => ProcessRecord.ReadLiving(Path, name)?.Port;

    /// <summary>Its second one.</summary>
    internal int? RunningSecondPort(string name) => ProcessRecord.ReadLiving(Path, name)?.SecondPort;

    public void Dispose()
    {
        File.Delete(EndpointsFile);
        _lock.Dispose();
    }
}
