using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace CanteenPay.Functions.Identity;

/// <summary>
/// Whether the directory was ever heard: before, no token can be believed, and that is not the caller's fault. All who wait for its first word wait for the same
/// question, and a question without an answer is not asked again for a while: else whoever sends forged tokens would make us hammer a directory that is in trouble.
/// </summary>
internal sealed class DirectoryKeys(IOptionsMonitor<JwtBearerOptions> options, TimeProvider clock)
{
    /// <summary>So long after it did not answer nobody asks it again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Nobody who asks for something waits longer for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<bool>? _asking;
    private long _askedAt;

    /// <summary>Whether its keys are known.</summary>
    public async Task<bool> AreKnownAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Asking().WaitAsync(Patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task<bool> Asking()
    {
        lock (_lock)
        {
            if (_asking is null || _asking is { IsCompletedSuccessfully: true, Result: false } && clock.GetElapsedTime(_askedAt) >= Pause)
                (_asking, _askedAt) = (AskAsync(), clock.GetTimestamp());
            return _asking;
        }
    }

    private async Task<bool> AskAsync()
    {
        try
        {
            var manager = options.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!;
            return await manager.GetConfigurationAsync(CancellationToken.None) is { SigningKeys.Count: > 0 };
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException or OperationCanceledException)
        {
            // InvalidOperationException: so the library says that the address did not answer, or not with metadata.
            return false;
        }
    }
}

/// <summary>A token came and could not be looked at, since the directory did not answer.</summary>
internal sealed class DirectoryIsAway;
