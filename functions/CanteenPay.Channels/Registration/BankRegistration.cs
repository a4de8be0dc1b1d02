using System.Text.Json;
using CanteenPay.Channels.SwiftPass;

namespace CanteenPay.Channels.Registration;

/// <summary>
/// Registers merchants at a bank that speaks JSON in a signed envelope, with the fields of CMBC's services. A request repeated is the same request; see the
/// README beside this file for the order of calls.
/// </summary>
public sealed class BankRegistration : IMerchantRegistration
{
    private const int MaxReasons = 20, MaxReason = 200, MaxField = 50, MaxMerchantNo = 32;
    private const string IsKnown = "MCHNT_EXIST";

    private readonly RegistrationGateway _gateway;
    private readonly BankRegistrationOptions _options;

    /// <summary>An adapter over one shared client.</summary>
    /// <param name="http">A client that follows no redirects; see <see cref="SwiftPassChannel.CreateHandler"/>.</param>
    /// <param name="options">Where and as whom.</param>
    /// <param name="time">The clock of requests and time-outs.</param>
    /// <exception cref="ArgumentException">The address is not https, or http on a loopback address.</exception>
    public BankRegistration(HttpClient http, BankRegistrationOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Url.IsAbsoluteUri || !(options.Url.Scheme is "https" || (options.Url.Scheme is "http" && options.Url.IsLoopback)))
            throw new ArgumentException("The bank's address must be https (or http on a loopback address).", nameof(options));
        (_options, _gateway) = (options, new(http, options, time));
    }

    /// <inheritdoc/>
    public async Task<RegistrationOutcome> SubmitAsync(RegistrationForm form, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        var isCorrection = form.Sending > 1;
        if (!isCorrection)
        {
            var added = await _gateway.AskAsync("mchntAdd", RegistrationFields.Merchant(form, _options), form.Sending, cancellationToken);
            // It has another form of the merchant, of an earlier sending that was taken back here.
            isCorrection = added.Refusal == IsKnown;
            if (added.Doubt is { } refused && !isCorrection)
                return new RegistrationOutcome.Unknown(refused);
        }

        foreach (var picture in form.Pictures)
        {
            if ((await _gateway.SendAsync(form.OutMerchantId, picture, form.Sending, cancellationToken)).Doubt is { } doubt)
                return new RegistrationOutcome.Unknown(doubt);
        }

        foreach (var wallet in RegistrationFields.Wallets)
        {
            if ((await _gateway.AskAsync("chnlAdd", RegistrationFields.Channel(form, wallet, _options), form.Sending, cancellationToken)).Doubt is { } doubt)
                return new RegistrationOutcome.Unknown(doubt);
        }

        // Last, because it opens the review again: nobody is to look at new words beside old pictures.
        if (isCorrection && (await _gateway.AskAsync("mchntUpd", RegistrationFields.Merchant(form, _options), form.Sending, cancellationToken)).Doubt is { } unclear)
            return new RegistrationOutcome.Unknown(unclear);
        return new RegistrationOutcome.Reviewing();
    }

    /// <inheritdoc/>
    public async Task<RegistrationOutcome> QueryAsync(string outMerchantId, CancellationToken cancellationToken)
    {
        var reply = await _gateway.AskAsync("queryMchnt", new(StringComparer.Ordinal) { ["outMchntId"] = outMerchantId }, sending: null, cancellationToken);
        if (reply.Doubt is { } doubt)
            return new RegistrationOutcome.Unknown(doubt);
        QueryAnswer? answer;
        try
        {
            answer = JsonSerializer.Deserialize(reply.Body!, RegistrationJson.Default.QueryAnswer);
        }
        catch (JsonException)
        {
            answer = null;
        }

        return answer switch
        {
            { State: "incomplete" } => new RegistrationOutcome.Incomplete(),
            { State: "reviewing" } => new RegistrationOutcome.Reviewing(),
            { State: "returned" } => new RegistrationOutcome.Returned(Reasons(answer)),
            { State: "refused" } => new RegistrationOutcome.Refused(string.Join("；", Reasons(answer).Values)),
            { State: "approved", MchntId: { Length: > 0 and <= MaxMerchantNo } number } when number.All(char.IsAsciiLetterOrDigit) =>
                new RegistrationOutcome.Approved(number),
            _ => new RegistrationOutcome.Unknown(new(DoubtKind.BadDocument, "unreadable", "The bank's word about the merchant cannot be read.")),
        };
    }

    private static Dictionary<string, string> Reasons(QueryAnswer answer)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var reason in (answer.Reasons ?? []).Take(MaxReasons))
        {
            if (reason is { Text: { Length: > 0 } text })
                reasons[Short(reason.Field is { Length: > 0 } field ? field : "application", MaxField)] = Short(text, MaxReason);
        }

        return reasons;
    }

    private static string Short(string text, int most)
    {
        var line = SwiftPassReply.OneLine(text);
        return line.Length > most ? line[..most] : line;
    }
}
