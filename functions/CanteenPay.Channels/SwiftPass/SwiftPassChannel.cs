using System.Net;

namespace CanteenPay.Channels.SwiftPass;

/// <summary>
/// The SwiftPass (威富通) gateway, which many banks run under their own name. One QR serves every wallet.
/// See the README beside this file for what was decided where the sources are silent.
/// </summary>
public sealed class SwiftPassChannel : IPaymentChannel
{
    /// <summary>The channel's name in accounts and notification addresses.</summary>
    public const string ChannelName = "swiftpass";

    private const int MaxQrLength = 512;

    private readonly SwiftPassGateway _gateway;

    /// <summary>An adapter over one shared client.</summary>
    /// <param name="http">A client over <see cref="CreateHandler"/>; its own time-out should not be shorter than the option's.</param>
    /// <param name="options">Settings for all accounts.</param>
    /// <param name="time">The clock that time-outs are measured by.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time-out is not above zero and at most a minute.</exception>
    public SwiftPassChannel(HttpClient http, SwiftPassOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Timeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Timeout, TimeSpan.FromMinutes(1), nameof(options));
        _gateway = new SwiftPassGateway(http, options.Timeout, time);
    }

    /// <inheritdoc/>
    public string Name => ChannelName;

    /// <summary>The handler for the shared client: no redirects (a signed request goes nowhere else), no cookies, connections renewed for DNS.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    /// <inheritdoc/>
    public async Task<CreateOutcome> CreateQrOrderAsync(ChannelAccount account, CreateQrOrder request, CancellationToken cancellationToken)
    {
        Check(account);
        var (reply, doubt) = await _gateway.PostAsync(account, SwiftPassRequests.Create(account, request), cancellationToken);
        doubt ??= reply!.MismatchOf("out_trade_no", request.OrderNo, required: false);
        if (doubt is not null)
            return new CreateOutcome.Unknown(doubt);
        if (reply!.Succeeded)
        {
            return reply["code_url"] is { Length: <= MaxQrLength } qr
                ? new CreateOutcome.Created(qr)
                : new CreateOutcome.Unknown(SwiftPassReply.Unreadable("code_url"));
        }

        if (SwiftPassCodes.MeansDuplicate(reply.ErrorCode, reply.ErrorMessage))
            return new CreateOutcome.DuplicateOrderNumber(reply.ErrorCode, reply.ErrorMessage);
        return reply["need_query"] is "N" || (reply["need_query"] is null && SwiftPassCodes.MeansCreateRefused(reply.ErrorCode))
            ? new CreateOutcome.Refused(reply.ErrorCode, reply.ErrorMessage)
            : new CreateOutcome.Unknown(reply.Unclear());
    }

    /// <inheritdoc/>
    public async Task<PaymentOutcome> QueryAsync(ChannelAccount account, string orderNo, CancellationToken cancellationToken)
    {
        Check(account);
        var (reply, doubt) = await _gateway.PostAsync(account, SwiftPassRequests.Query(account, orderNo), cancellationToken);
        return doubt is not null ? new PaymentOutcome.Unknown(doubt) : SwiftPassAnswers.OfQuery(reply!, orderNo);
    }

    /// <inheritdoc/>
    public async Task<CloseOutcome> CloseAsync(ChannelAccount account, string orderNo, CancellationToken cancellationToken)
    {
        Check(account);
        var (reply, doubt) = await _gateway.PostAsync(account, SwiftPassRequests.Close(account, orderNo), cancellationToken);
        return doubt is not null ? new CloseOutcome.Unknown(doubt) : SwiftPassAnswers.OfClose(reply!, orderNo);
    }

    /// <inheritdoc/>
    public async Task<RefundOutcome> RefundAsync(ChannelAccount account, RefundRequest request, CancellationToken cancellationToken)
    {
        Check(account);
        var (reply, doubt) = await _gateway.PostAsync(account, SwiftPassRequests.Refund(account, request), cancellationToken);
        return doubt is not null ? new RefundOutcome.Unknown(doubt) : SwiftPassAnswers.OfRefund(reply!, request);
    }

    /// <inheritdoc/>
    public async Task<RefundOutcome> QueryRefundAsync(ChannelAccount account, RefundRequest request, CancellationToken cancellationToken)
    {
        Check(account);
        var (reply, doubt) = await _gateway.PostAsync(account, SwiftPassRequests.RefundQuery(account, request), cancellationToken);
        return doubt is not null ? new RefundOutcome.Unknown(doubt) : SwiftPassAnswers.OfRefundQuery(reply!, request);
    }

    /// <inheritdoc/>
    public NotificationOutcome ReadNotification(ChannelAccount account, ReadOnlyMemory<byte> body)
    {
        Check(account);
        var (reply, doubt) = SwiftPassReply.Read(account, body.Span);
        return doubt is not null ? new NotificationOutcome.Unknown(doubt) : SwiftPassAnswers.OfNotification(reply!);
    }

    /// <inheritdoc/>
    public string NotificationReply(bool accepted) => accepted ? "success" : "fail";

    private static void Check(ChannelAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (!string.Equals(account.Channel, ChannelName, StringComparison.Ordinal))
            throw new ArgumentException($"The account {account.MerchantId} is of the channel '{account.Channel}', not '{ChannelName}'.", nameof(account));
        if (account.MerchantId is not { Length: > 0 and <= 32 })
            throw new ArgumentException("The account's merchant number must have 1 to 32 characters.", nameof(account));
        if (!account.Gateway.IsAbsoluteUri || !(account.Gateway.Scheme is "https" || (account.Gateway.Scheme is "http" && account.Gateway.IsLoopback)))
            throw new ArgumentException($"The gateway of the account {account.MerchantId} must be https (or http on a loopback address).", nameof(account));
    }
}
