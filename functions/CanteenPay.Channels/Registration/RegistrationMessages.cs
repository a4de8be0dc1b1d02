using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.Channels.Registration;

/// <summary>A request's envelope.</summary>
/// <param name="PlatformId">Who asks.</param>
/// <param name="TxnSeq">The request's number.</param>
/// <param name="Timestamp">When, in milliseconds since 1970.</param>
/// <param name="Body">JSON as text.</param>
/// <param name="Sign">Over all of these.</param>
internal sealed record RegistrationRequest(string PlatformId, string TxnSeq, long Timestamp, string Body, string Sign);

/// <summary>An answer's envelope.</summary>
/// <param name="GateReturnType"><c>S</c> or <c>E</c>.</param>
/// <param name="GateReturnCode">Why not.</param>
/// <param name="GateReturnMessage">Why not, in words.</param>
/// <param name="Body">JSON as text.</param>
/// <param name="Sign">Over the request's number, the type and the body.</param>
internal sealed record RegistrationAnswer(string? GateReturnType, string? GateReturnCode, string? GateReturnMessage, string? Body, string? Sign);

/// <summary>Body of <c>queryMchnt</c>'s answer.</summary>
internal sealed record QueryAnswer(string? State, IReadOnlyList<QueryReason?>? Reasons, string? MchntId);

/// <summary>What the bank wants corrected.</summary>
internal sealed record QueryReason(string? Field, string? Text);

/// <summary>JSON of the registration.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegistrationRequest))]
[JsonSerializable(typeof(RegistrationAnswer))]
[JsonSerializable(typeof(QueryAnswer))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class RegistrationJson : JsonSerializerContext;
