using System.Text.Json;
using System.Text.Json.Nodes;

namespace CanteenPay.Functions.Audit;

/// <summary>What a request changed, as its handler tells it for the audit.</summary>
internal sealed class AuditedChange
{
    /// <summary>What it was; null when it was not there.</summary>
    public JsonNode? Before { get; private set; }

    /// <summary>What it is; null when it is gone.</summary>
    public JsonNode? After { get; private set; }

    /// <summary>Tells the audit what changed. Only fields that the endpoint calls safe are written.</summary>
    /// <typeparam name="T">A type of <see cref="FunctionsJson"/>.</typeparam>
    public void Changed<T>(T? before, T? after)
        where T : class => (Before, After) = (NodeOf(before), NodeOf(after));

    /// <summary>The request only repeats one that was done before, under the same key: the change is that one's.</summary>
    public bool IsRepeat { get; private set; }

    /// <summary>Tells the audit that the request repeats one that was done before.</summary>
    public void Repeats() => IsRepeat = true;

    private static JsonNode? NodeOf<T>(T? value)
        where T : class => value is null ? null : JsonSerializer.SerializeToNode(value, FunctionsJson.Default.GetTypeInfo(typeof(T))
            ?? throw new ArgumentException($"{typeof(T).Name} is no type of FunctionsJson.", nameof(value)));
}

/// <summary>Which fields of an endpoint's bodies may stand in the audit; every other one is written as <c>***</c>.</summary>
/// <param name="Fields">Paths of JSON fields such as <c>contact.phone</c>; lists are passed through (<c>shares.basisPoints</c>).</param>
internal sealed record SafeFields(IReadOnlyList<string> Fields);

/// <summary>The audit's part of endpoints and requests.</summary>
internal static class AuditOfEndpoint
{
    /// <summary>These fields of the body, and of what the handler says it changed, may be read by whoever reads the audit: never a person's name, number or account.</summary>
    public static TBuilder AuditsPlainly<TBuilder>(this TBuilder endpoint, params string[] fields)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new SafeFields(fields));

    /// <summary>Where a handler tells what it changed.</summary>
    public static AuditedChange Audit(this HttpContext http)
    {
        if (http.Features.Get<AuditedChange>() is { } known)
            return known;
        var change = new AuditedChange();
        http.Features.Set(change);
        return change;
    }
}
