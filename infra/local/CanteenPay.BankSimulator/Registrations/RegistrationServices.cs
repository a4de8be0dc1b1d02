using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fields = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace CanteenPay.BankSimulator.Registrations;

/// <summary>What a platform may ask for: to register a merchant, to correct it, to name its account, to hear what became of it.</summary>
internal sealed class RegistrationServices(RegistrationBook book, TimeProvider time)
{
    /// <summary>Longest text of a field.</summary>
    private const int MaxLength = 300;

    /// <summary>Most fields of a body.</summary>
    private const int MaxFields = 40;

    public static readonly RegistrationRefusal Unknown = new("MCHNT_NOT_EXIST", "商户不存在");

    public static readonly RegistrationRefusal Ended = new("MCHNT_STATE_ERROR", "商户已审核完毕，不能修改");

    private static readonly ImmutableArray<string> WantedOfMerchant =
        ["outMchntId", "mchntName", "licId", "corpName", "idtCard", "contactName", "telephone", "address"];

    private static readonly ImmutableArray<string> WantedOfChannel = ["outMchntId", "apiCode", "account", "acctName", "acctType"];

    /// <summary>The body as fields of text; null when it is anything else.</summary>
    public static Fields? FieldsOf(JsonObject body)
    {
        if (body.Count > MaxFields)
            return null;
        var fields = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in body)
        {
            if (value is not JsonValue single || single.ToString() is not { Length: <= MaxLength } text || name.Length > MaxLength)
                return null;
            fields[name] = text;
        }

        return fields.ToImmutable();
    }

    /// <summary><c>mchntAdd</c>: asked again it answers the same, because the first answer may have been lost.</summary>
    public (JsonObject? Body, RegistrationRefusal? Refusal) Add(Fields fields)
    {
        if (Missing(fields, WantedOfMerchant) is { } missing)
            return (null, missing);
        var outMchntId = fields["outMchntId"];
        var content = ContentOf(fields);
        var (_, refusal) = book.Change(outMchntId, known => known switch
        {
            null => (new Registration { OutMchntId = outMchntId, Fields = content, State = RegistrationState.Incomplete, At = time.GetUtcNow() }, null),
            _ when known.Fields.SequenceEqual(content) => (known, null),
            _ => (null, new RegistrationRefusal("MCHNT_EXIST", "商户已存在且内容不同，请用修改接口")),
        });
        return refusal is null ? (new JsonObject { ["outMchntId"] = outMchntId, ["state"] = "reviewing" }, null) : (null, refusal);
    }

    /// <summary><c>mchntUpd</c>: what was returned is reviewed again from now on.</summary>
    public (JsonObject? Body, RegistrationRefusal? Refusal) Update(Fields fields)
    {
        if (Missing(fields, WantedOfMerchant) is { } missing)
            return (null, missing);
        var outMchntId = fields["outMchntId"];
        var (_, refusal) = book.Change(outMchntId, known => known switch
        {
            null => (null, Unknown),
            { IsOpen: false } => (null, Ended),
            _ => ((known with { Fields = ContentOf(fields), State = RegistrationState.Reviewing, Reasons = [], At = time.GetUtcNow() }).Completed(), null),
        });
        return refusal is null ? (new JsonObject { ["outMchntId"] = outMchntId, ["state"] = "reviewing" }, null) : (null, refusal);
    }

    /// <summary><c>chnlAdd</c>: a wallet and the account that it is settled to.</summary>
    public (JsonObject? Body, RegistrationRefusal? Refusal) AddChannel(Fields fields)
    {
        if (Missing(fields, WantedOfChannel) is { } missing)
            return (null, missing);
        var api = fields["apiCode"];
        if (!Registration.Channels.Contains(api) || fields["acctType"] is not ("1" or "2"))
            return (null, new RegistrationRefusal("PARAM_ERROR", "apiCode 或 acctType 错误"));
        var (after, refusal) = book.Change(fields["outMchntId"], known => known switch
        {
            null => (null, Unknown),
            { IsOpen: false } => (null, Ended),
            _ => ((known with
            {
                Accounts = known.Accounts.SetItem(api, ContentOf(fields)),
                SignIds = known.SignIds.ContainsKey(api) ? known.SignIds : known.SignIds.Add(api, RandomNumberGenerator.GetString("0123456789", 12)),
            }).Completed(), null),
        });
        return refusal is null ? (new JsonObject { ["cmbcSignId"] = after!.SignIds[api] }, null) : (null, refusal);
    }

    /// <summary><c>queryMchnt</c>.</summary>
    public (JsonObject? Body, RegistrationRefusal? Refusal) Query(Fields fields)
    {
        if (book.Find(fields.GetValueOrDefault("outMchntId", "")) is not { } known)
            return (null, Unknown);
        var body = new JsonObject
        {
            ["state"] = NameOf(known.State),
            ["reasons"] = new JsonArray([.. known.Reasons.Select(r => new JsonObject { ["field"] = r.Field, ["text"] = r.Text })]),
        };
        if (known.MchntId is { } mchntId)
            body["mchntId"] = mchntId;
        return (body, null);
    }

    /// <summary>The protocol's word for a state.</summary>
    public static string NameOf(RegistrationState state) => state switch
    {
        RegistrationState.Incomplete => "incomplete",
        RegistrationState.Reviewing => "reviewing",
        RegistrationState.Returned => "returned",
        RegistrationState.Refused => "refused",
        _ => "approved",
    };

    /// <summary>Numbers become file names.</summary>
    public static bool IsNumber(string outMchntId) => outMchntId.Length is > 0 and <= 32 && outMchntId.All(char.IsAsciiLetterOrDigit);

    /// <summary>What the merchant is, without what names the request: that is another one each time.</summary>
    private static Fields ContentOf(Fields fields) => fields.Remove("txnSeq").Remove("platformId").Remove("operId");

    private static RegistrationRefusal? Missing(Fields fields, ImmutableArray<string> wanted) =>
        wanted.FirstOrDefault(name => fields.GetValueOrDefault(name, "") == "") is { } missing
            ? new RegistrationRefusal("PARAM_ERROR", $"缺少 {missing}")
            : IsNumber(fields["outMchntId"]) ? null : new RegistrationRefusal("PARAM_ERROR", "outMchntId 格式错误");
}
