using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Azure.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace CanteenPay.Azure.Functions;

/// <summary>Runs one function: reads the trigger's payload into its parameter type and calls the method.</summary>
internal delegate Task FunctionInvoker(IServiceProvider services, BinaryData payload, FunctionContext context, CancellationToken cancellationToken);

/// <summary>Builds invokers once, at start: typed delegates over the methods, so that an invocation uses no reflection.</summary>
internal static class FunctionInvokers
{
    private static readonly MethodInfo BuildTyped =
        typeof(FunctionInvokers).GetMethod(nameof(Build), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <exception cref="FunctionDefinitionException">The payload type is unknown to every given JSON context.</exception>
    internal static FunctionInvoker Create(FunctionDefinition function, IReadOnlyList<JsonSerializerContext> contexts)
    {
        // A static class cannot be a type argument, and needs no instance.
        var type = function.Method.DeclaringType!;
        var build = BuildTyped.MakeGenericMethod(type.IsAbstract ? typeof(object) : type, function.Parameter.ParameterType);
        try
        {
            return (FunctionInvoker)build.Invoke(null, [function, contexts])!;
        }
        catch (TargetInvocationException e) when (e.InnerException is FunctionDefinitionException wrong)
        {
            throw new FunctionDefinitionException(wrong.Errors);
        }
    }

    private static FunctionInvoker Build<TTarget, TPayload>(FunctionDefinition function, IReadOnlyList<JsonSerializerContext> contexts)
        where TTarget : class
        where TPayload : class
    {
        var read = Reader<TPayload>(function, contexts);
        if (function.Method.IsStatic)
        {
            var call = Static<TPayload>(function.Method);
            return (_, payload, context, cancellationToken) => call(read(payload), context, cancellationToken);
        }

        var method = Instance<TTarget, TPayload>(function.Method);
        return (services, payload, context, cancellationToken) =>
            method(services.GetRequiredService<TTarget>(), read(payload), context, cancellationToken);
    }

    private static Func<TTarget, TPayload, FunctionContext, CancellationToken, Task> Instance<TTarget, TPayload>(MethodInfo method)
    {
        switch (Shape(method))
        {
            case (false, false):
                var plain = method.CreateDelegate<Func<TTarget, TPayload, Task>>();
                return (target, payload, _, _) => plain(target, payload);
            case (true, false):
                var told = method.CreateDelegate<Func<TTarget, TPayload, FunctionContext, Task>>();
                return (target, payload, context, _) => told(target, payload, context);
            case (false, true):
                var stoppable = method.CreateDelegate<Func<TTarget, TPayload, CancellationToken, Task>>();
                return (target, payload, _, cancellationToken) => stoppable(target, payload, cancellationToken);
            case (true, true):
                return method.CreateDelegate<Func<TTarget, TPayload, FunctionContext, CancellationToken, Task>>();
        }
    }

    private static Func<TPayload, FunctionContext, CancellationToken, Task> Static<TPayload>(MethodInfo method)
    {
        switch (Shape(method))
        {
            case (false, false):
                var plain = method.CreateDelegate<Func<TPayload, Task>>();
                return (payload, _, _) => plain(payload);
            case (true, false):
                var told = method.CreateDelegate<Func<TPayload, FunctionContext, Task>>();
                return (payload, context, _) => told(payload, context);
            case (false, true):
                var stoppable = method.CreateDelegate<Func<TPayload, CancellationToken, Task>>();
                return (payload, _, cancellationToken) => stoppable(payload, cancellationToken);
            case (true, true):
                return method.CreateDelegate<Func<TPayload, FunctionContext, CancellationToken, Task>>();
        }
    }

    private static (bool Context, bool Cancellation) Shape(MethodInfo method)
    {
        var types = method.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        return (types.Contains(typeof(FunctionContext)), types.Contains(typeof(CancellationToken)));
    }

    private static Func<BinaryData, TPayload> Reader<TPayload>(FunctionDefinition function, IReadOnlyList<JsonSerializerContext> contexts)
        where TPayload : class
    {
        if (typeof(TPayload) == typeof(BinaryData))
        {
            return static payload => (TPayload)(object)payload;
        }

        if (typeof(TPayload) == typeof(CloudEvent))
        {
            return static payload => (TPayload)(object)ReadEvent(payload);
        }

        var known = contexts.Append(TimerJsonContext.Default).Select(context => context.GetTypeInfo(typeof(TPayload))).FirstOrDefault(info => info is not null);
        if (known is not JsonTypeInfo<TPayload> typeInfo)
        {
            throw new FunctionDefinitionException(
                [$"{function.Place}: no JsonSerializerContext given to AddFunctions knows {typeof(TPayload).Name}. "
                    + $"Add [JsonSerializable(typeof({typeof(TPayload).Name}))] to one."]);
        }

        return payload => ReadJson(payload, typeInfo);
    }

    private static TPayload ReadJson<TPayload>(BinaryData payload, JsonTypeInfo<TPayload> typeInfo)
        where TPayload : class
    {
        try
        {
            return JsonSerializer.Deserialize(payload.ToMemory().Span, typeInfo)
                ?? throw new FunctionPayloadException($"The message is JSON null, not {typeof(TPayload).Name}.");
        }
        catch (JsonException e)
        {
            throw new FunctionPayloadException($"The message is not JSON of {typeof(TPayload).Name}: {e.Message}", e);
        }
    }

    private static CloudEvent ReadEvent(BinaryData payload)
    {
        try
        {
            return CloudEvent.Parse(payload) ?? throw new FunctionPayloadException("The message holds no CloudEvent.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException and not FunctionPayloadException)
        {
            throw new FunctionPayloadException($"The message is not one CloudEvent 1.0: {e.Message}", e);
        }
    }
}
