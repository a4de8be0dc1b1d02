using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Routing;

namespace CanteenPay.Azure.Functions;

/// <summary>The functions of the app, ready to run: built and checked once, at start.</summary>
internal sealed class FunctionRegistry
{
    private FunctionRegistry(IReadOnlyList<EventFunction> events, IReadOnlyList<HttpFunction> http, IReadOnlyList<Type> types)
    {
        Events = events;
        Http = http;
        Types = types;
    }

    /// <summary>Functions that the host invokes by <c>POST /{name}</c>.</summary>
    internal IReadOnlyList<EventFunction> Events { get; }

    /// <summary>Functions whose requests the host passes on as they came.</summary>
    internal IReadOnlyList<HttpFunction> Http { get; }

    /// <summary>The classes to create for instance methods.</summary>
    internal IReadOnlyList<Type> Types { get; }

    /// <exception cref="FunctionDefinitionException">A declaration must not be deployed, or a payload is unknown to the JSON contexts.</exception>
    internal static FunctionRegistry Build(IEnumerable<Type> types, IReadOnlyList<JsonSerializerContext> contexts)
    {
        var functions = FunctionIndex.Find(types);
        return new(
            [.. functions.Where(function => !function.IsHttp)
                .Select(function => new EventFunction(function.Name, function.Parameter.Name!, FunctionInvokers.Create(function, contexts)))],
            [.. functions.Where(function => function.IsHttp).Select(function => new HttpFunction(
                FunctionRules.RoutePrefix(((HttpTriggerAttribute)function.Trigger).Route),
                function.Method.CreateDelegate<Action<RouteGroupBuilder>>()))],
            [.. functions.Where(function => !function.Method.IsStatic).Select(function => function.Method.DeclaringType!).Distinct()]);
    }
}

/// <summary>A function that the host invokes, with the name of its binding in function.json.</summary>
internal sealed record EventFunction(string Name, string BindingName, FunctionInvoker Invoke);

/// <summary>A function that maps endpoints below a literal prefix.</summary>
internal sealed record HttpFunction(string Prefix, Action<RouteGroupBuilder> Map);
