using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace CanteenPay.BankSimulator.Registrations;

/// <summary>What a platform sends; <paramref name="Timestamp"/> in milliseconds since 1970, <paramref name="Body"/> is JSON as text.</summary>
internal sealed record RegistrationRequest(string PlatformId, string TxnSeq, long Timestamp, string Body, string Sign);

/// <summary>What the bank answers; type <c>S</c> or <c>E</c>. Without a signature where there is no platform to sign for.</summary>
internal sealed record RegistrationAnswer(string GateReturnType, string GateReturnCode, string GateReturnMessage, string Body, string Sign);

/// <summary>Why a step is refused, as the bank's code and words.</summary>
internal sealed record RegistrationRefusal(string Code, string Message);

/// <summary>One thing that the reviewer wants corrected; <paramref name="Field"/> is the platform's own name of it.</summary>
internal sealed record ReviewReason(string Field, string Text);

/// <summary>Body of <c>POST /review/{outMchntId}/return</c>.</summary>
internal sealed record ReturnCommand(IReadOnlyList<ReviewReason> Reasons);

/// <summary>Body of <c>POST /review/{outMchntId}/refuse</c>.</summary>
internal sealed record RefuseCommand(string Reason);

/// <summary>JSON of the registration.</summary>
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(RegistrationAnswer))]
[JsonSerializable(typeof(Registration))]
[JsonSerializable(typeof(IReadOnlyList<Registration>))]
[JsonSerializable(typeof(ReturnCommand))]
[JsonSerializable(typeof(RefuseCommand))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class RegistrationJson : JsonSerializerContext
{
    /// <summary>With Chinese readable.</summary>
    public static RegistrationJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter<RegistrationState>(JsonNamingPolicy.CamelCase) },
    });
}
