namespace CanteenPay.LocalCloud.Processes;

/// <summary>Azurite's tables and blobs (and its queues, which nobody asks for: three services in one process start as fast as one). What it has on disk is up to 5 s old when it is killed, so nothing here kills it while it answers SIGTERM.</summary>
internal static class Azurite
{
    internal const string Name = "azurite";

    /// <summary>Azurite's well-known account.</summary>
    internal const string Account = "devstoreaccount1";

    /// <summary>Azurite's well-known key: public, not a secret.</summary>
    internal const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <exception cref="LocalCloudException">It or Node.js is not installed.</exception>
    /// <param name="nodeModules">Where it is installed.</param>
    /// <param name="stateFolder">What it keeps is below.</param>
    /// <param name="port">Of the tables.</param>
    /// <param name="blobPort">Of the blobs.</param>
    internal static ProgramSpec Spec(string nodeModules, string stateFolder, int port, int blobPort)
    {
        var script = Path.Combine(nodeModules, "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script))
        {
            throw new LocalCloudException($"Azurite is not installed: {script} does not exist. Run \"npm ci\" in {Path.GetDirectoryName(nodeModules)}.");
        }

        var address = $"http://127.0.0.1:{port}/";
        return new()
        {
            Name = Name,
            FileName = Executable.Find("node", "Install Node.js 20 or later."),
            Arguments =
            [
                script, "--tableHost", "127.0.0.1", "--tablePort", $"{port}", "--blobHost", "127.0.0.1", "--blobPort", $"{blobPort}",
                "--queueHost", "127.0.0.1", "--queuePort", "0", "--location", Path.Combine(stateFolder, Name),
                "--disableTelemetry", "--skipApiVersionCheck", "--silent",
            ],
            Address = address,
            Port = port,
            SecondPort = blobPort,
            IsReady = async cancellation =>
                await Readiness.AnswersAsync(address, cancellation) && await Readiness.AnswersAsync($"http://127.0.0.1:{blobPort}/", cancellation),
            BeforeStart = () => Directory.CreateDirectory(Path.Combine(stateFolder, Name)),
            Adoptable = true,
            Fingerprint = script,
        };
    }
}
