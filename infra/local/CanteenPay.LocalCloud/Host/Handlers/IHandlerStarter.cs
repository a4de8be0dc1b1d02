namespace CanteenPay.LocalCloud.Host.Handlers;

/// <summary>Starts handlers: processes in earnest, servers of its own in a test where the process is not the point.</summary>
internal interface IHandlerStarter
{
    /// <exception cref="FunctionsHostException">It cannot be started; the message says what and why.</exception>
    IHandler Start(HandlerStart start);
}

/// <summary>A started handler; disposing kills it if it still runs.</summary>
internal interface IHandler : IDisposable
{
    int? ProcessId { get; }

    /// <summary>Completes with the exit code.</summary>
    Task<int> Exited { get; }

    /// <summary>Ends it at once, its children too. No graceful shutdown, as in the real host.</summary>
    void Kill();
}

/// <summary>How to start a handler; <c>Environment</c> is added to this process's own.</summary>
internal sealed record HandlerStart(
    string Group, string Executable, string WorkingDirectory, IReadOnlyList<string> Arguments, int Port, IReadOnlyDictionary<string, string> Environment);
