using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Enrolment;

/// <summary>
/// <c>CanteenPay.DeviceAgent --enrol URL</c> (the code on standard input, so that it stands in no shell's history) and <c>--renew URL</c>. Machine and file are those of the
/// settings: <c>Agent:DeviceId</c>, <c>Agent:Broker:CertificateFile</c> and <c>Agent:Broker:KeyFile</c>, which name one file.
/// </summary>
internal static class EnrolCommand
{
    /// <summary>Gets the first certificate.</summary>
    public const string EnrolOption = "--enrol";

    /// <summary>Gets the next one, if it is time.</summary>
    public const string RenewOption = "--renew";

    private const int Failed = 1, Wrong = 2, MaxCode = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Whether these are arguments of it.</summary>
    public static bool Takes(string[] args) => args is [EnrolOption or RenewOption, ..];

    /// <summary>Does it; the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, IConfiguration configuration, TextReader input, TextWriter output, TextWriter error, TimeProvider clock)
    {
        if (args is not [var option, var url] || !Uri.TryCreate(url, UriKind.Absolute, out var cloud)
            || !(cloud.Scheme == Uri.UriSchemeHttps || (cloud.Scheme == Uri.UriSchemeHttp && cloud.IsLoopback)))
        {
            return await RefuseAsync(error, "Say where the cloud is, by https: echo CODE | CanteenPay.DeviceAgent --enrol https://pay.example.com");
        }

        if (!DeviceId.TryParse(configuration["Agent:DeviceId"], CultureInfo.InvariantCulture, out var device))
            return await RefuseAsync(error, "Agent:DeviceId is not the 8 characters that the machine was enrolled with (environment: Agent__DeviceId).");
        var path = configuration["Agent:Broker:KeyFile"];
        if (string.IsNullOrWhiteSpace(path) || path != configuration["Agent:Broker:CertificateFile"])
            return await RefuseAsync(error, "Agent:Broker:CertificateFile and Agent:Broker:KeyFile must name the same file: key and certificate are changed together.");

        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience };
        var requester = new CertificateRequester(http, cloud, device, new IdentityFile(path), clock);
        try
        {
            if (option == RenewOption)
            {
                var renewed = await requester.RenewAsync(CancellationToken.None);
                await output.WriteLineAsync(renewed is { } next ? $"Renewed until {Day(next)}: the agent takes it when it connects next." : "It is not time yet.");
                return 0;
            }

            var code = (await input.ReadLineAsync())?.Trim();
            if (code is not { Length: > 0 and <= MaxCode })
                return await RefuseAsync(error, "Give the code on standard input: echo CODE | CanteenPay.DeviceAgent --enrol https://pay.example.com");
            var until = await requester.EnrolAsync(code, CancellationToken.None);
            await output.WriteLineAsync($"Machine {device} has its certificate in {path}, good until {Day(until)}.");
            return 0;
        }
        catch (Exception e) when (e is EnrolmentException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"Machine {device} got no certificate: {e.Message}");
            return Failed;
        }
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task<int> RefuseAsync(TextWriter error, string why)
    {
        await error.WriteLineAsync(why);
        return Wrong;
    }
}
