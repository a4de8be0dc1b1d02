using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>The folder that holds all that this machine remembers, held by one process at a time.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly FileStream held;

    private StateFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The database in it.</summary>
    public string Database => System.IO.Path.Combine(Path, "agent.db");

    /// <summary>Holds the epoch of the database: where this file is, a database was, so that a new and empty one would be a lie.</summary>
    public string EpochFile => System.IO.Path.Combine(Path, "agent.epoch");

    /// <summary>Written when the database turned out to be damaged while it was in use: it is set aside at the next start.</summary>
    public string SuspectFile => System.IO.Path.Combine(Path, "agent.suspect");

    /// <summary>Where the screen's address is written once it is served.</summary>
    public string ScreenFile => System.IO.Path.Combine(Path, "screen.json");

    /// <summary>Bytes that are free on its disk.</summary>
    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Takes the folder for this process; the operating system lets go of it when the process ends, however it ends.</summary>
    /// <exception cref="StateFolderException">Another process holds it, or it cannot be written.</exception>
    public static StateFolder Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var lockFile = System.IO.Path.Combine(full, "agent.lock");
        try
        {
            Directory.CreateDirectory(full);
            return new(full, new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new StateFolderException(
                $"The state folder {full} is in use by another agent, or cannot be written ({e.Message}). "
                + "One machine is one agent: stop the other one, or give this one a folder of its own (Agent:StateFolder).", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StateFolderException($"The state folder {full} cannot be written by this user: {e.Message} Change its owner, or Agent:StateFolder.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();
}

/// <summary>The state folder cannot serve this agent. The message says what to do.</summary>
internal sealed class StateFolderException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The folder belongs to another machine: its orders would be asked about under a foreign name.</summary>
    public static StateFolderException OfAnotherMachine(string folder, string owner, DeviceId device) => new(
        $"The state folder {folder} belongs to machine {owner}, and this agent is {device}. Give each machine a folder of its own (Agent:StateFolder); never copy one.");
}
