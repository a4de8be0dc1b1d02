namespace CanteenPay.LocalCloud.Host;

/// <summary>A function app as its files declare it.</summary>
internal sealed record FunctionApp
{
    /// <summary>The queues of all triggers.</summary>
    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary>Reads host.json and every {Function}/function.json.</summary>
    /// <exception cref="FunctionsHostException">A file is missing or says something this host does not play; the message names it.</exception>
    public static FunctionApp Read(string appFolder, IReadOnlyDictionary<string, string> appSettings) => throw new NotSupportedException();
}
