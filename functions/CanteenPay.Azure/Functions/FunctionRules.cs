using System.Text.RegularExpressions;
using Azure.Messaging;
using Microsoft.AspNetCore.Routing;

namespace CanteenPay.Azure.Functions;

/// <summary>What a function app must not declare, each rule with the sentence that a developer reads when the build fails.</summary>
internal static partial class FunctionRules
{
    // The host keeps these for itself and refuses routes below them.
    private static readonly string[] ReservedRoots = ["admin", "runtime"];

    private static readonly string[] KnownMethods = ["get", "head", "post", "put", "patch", "delete", "options"];

    internal static void CheckSignature(FunctionDefinition function, List<string> errors)
    {
        if (!FunctionName().IsMatch(function.Name))
        {
            errors.Add($"{function.Place}: '{function.Name}' is no function name. Use a letter, then at most 127 letters, digits, '_' or '-'.");
        }

        var type = function.Method.DeclaringType!;
        if (!function.Method.IsPublic || !type.IsVisibleInside() || function.Method.IsGenericMethod || type.IsGenericType || (type.IsAbstract && !type.IsSealed))
        {
            errors.Add($"{function.Place}: function '{function.Name}' must be a public, non-generic method of a class that can be created.");
        }

        switch (function.Trigger)
        {
            case HttpTriggerAttribute http:
                CheckHttp(function, http, errors);
                break;
            case ServiceBusTriggerAttribute queue:
                CheckText(function, "queue name", queue.QueueName, errors);
                CheckText(function, "connection", queue.Connection, errors);
                CheckEvent(function, IsMessagePayload, "BinaryData, CloudEvent or a record of the app's JsonSerializerContext", errors);
                break;
            case TimerTriggerAttribute timer:
                CheckText(function, "schedule", timer.Schedule, errors);
                CheckEvent(function, static payload => payload == typeof(TimerInfo), "TimerInfo", errors);
                break;
        }
    }

    /// <summary>Rules about functions side by side: names, queues, and the names of route roots.</summary>
    internal static void CheckTogether(IReadOnlyList<FunctionDefinition> functions, List<string> errors)
    {
        foreach (var same in functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            errors.Add($"Function name '{same.Key}' is used {same.Count()} times ({Places(same)}). Names differ by more than their case.");
        }

        var queues = functions.Where(function => function.Trigger is ServiceBusTriggerAttribute)
            .GroupBy(function => ((ServiceBusTriggerAttribute)function.Trigger).QueueName, StringComparer.OrdinalIgnoreCase);
        foreach (var same in queues.Where(group => group.Count() > 1))
        {
            errors.Add($"Queue '{same.Key}' has {same.Count()} triggers ({Places(same)}). They would compete for its messages: keep one, which dispatches.");
        }

        var roots = functions.Where(function => function.IsHttp)
            .Select(function => RouteRoot(((HttpTriggerAttribute)function.Trigger).Route)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var clash in functions.Where(function => !function.IsHttp && roots.Contains(function.Name)))
        {
            errors.Add($"{clash.Place}: function '{clash.Name}' bears the name of an HTTP route's root. An outsider could post invocations to it: rename it.");
        }

        var routes = functions.Where(function => function.IsHttp)
            .GroupBy(function => ((HttpTriggerAttribute)function.Trigger).Route, StringComparer.OrdinalIgnoreCase);
        foreach (var same in routes.Where(group => group.Count() > 1))
        {
            errors.Add($"Route '{same.Key}' is used {same.Count()} times ({Places(same)}).");
        }
    }

    /// <summary>The literal part of a route, before a catch-all.</summary>
    internal static string RoutePrefix(string route)
    {
        var catchAll = route.IndexOf("/{", StringComparison.Ordinal);
        return catchAll < 0 ? route : route[..catchAll];
    }

    private static string RouteRoot(string route) => route.Split('/')[0];

    private static void CheckHttp(FunctionDefinition function, HttpTriggerAttribute http, List<string> errors)
    {
        if (!ExplicitRoute().IsMatch(http.Route))
        {
            errors.Add($"{function.Place}: route '{http.Route}' must begin with a literal segment, like 'api/{{*path}}'. "
                + "With an empty or catch-all route an outsider's POST /{FunctionName} is taken for an invocation.");
        }
        else if (ReservedRoots.Contains(RouteRoot(http.Route), StringComparer.OrdinalIgnoreCase))
        {
            errors.Add($"{function.Place}: route '{http.Route}' begins with '{RouteRoot(http.Route)}', which the host keeps for itself.");
        }

        if (http.Methods.Count == 0 || http.Methods.Any(method => !KnownMethods.Contains(method, StringComparer.OrdinalIgnoreCase)))
        {
            errors.Add($"{function.Place}: HTTP function '{function.Name}' must name its methods, of: {string.Join(", ", KnownMethods)}.");
        }

        var parameters = function.Method.GetParameters();
        if (!function.Method.IsStatic || function.Method.ReturnType != typeof(void)
            || parameters.Length != 1 || parameters[0].ParameterType != typeof(RouteGroupBuilder))
        {
            errors.Add($"{function.Place}: HTTP function '{function.Name}' must be 'public static void' with one RouteGroupBuilder parameter.");
        }
    }

    private static void CheckEvent(FunctionDefinition function, Func<Type, bool> accepts, string allowed, List<string> errors)
    {
        if (function.Method.ReturnType != typeof(Task))
        {
            errors.Add($"{function.Place}: function '{function.Name}' must return Task: the host needs to know when it has ended, and takes no output.");
        }

        var parameters = function.Method.GetParameters();
        if (function.Parameter.Position != 0 || !accepts(function.Parameter.ParameterType))
        {
            errors.Add($"{function.Place}: parameter '{function.Parameter.Name}' of function '{function.Name}' must come first and be {allowed}, "
                + $"not {function.Parameter.ParameterType.Name}.");
        }

        var others = parameters.Where(parameter => parameter.Position > 0).Select(parameter => parameter.ParameterType).ToArray();
        if (others is not ([] or [var _] or [_, _]) || !others.SequenceEqual(Expected(others)))
        {
            errors.Add($"{function.Place}: after its trigger, function '{function.Name}' may take a FunctionContext and then a CancellationToken, nothing else.");
        }
    }

    private static IEnumerable<Type> Expected(Type[] others) =>
        new[] { typeof(FunctionContext), typeof(CancellationToken) }.Where(others.Contains);

    private static bool IsMessagePayload(Type type) =>
        type == typeof(BinaryData) || type == typeof(CloudEvent)
        || (type is { IsClass: true, IsAbstract: false, IsArray: false, IsGenericType: false } && type != typeof(string) && type != typeof(object)
            && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true);

    private static void CheckText(FunctionDefinition function, string what, string value, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            errors.Add($"{function.Place}: the {what} of function '{function.Name}' is empty.");
        }
    }

    private static string Places(IEnumerable<FunctionDefinition> functions) =>
        string.Join(", ", functions.Select(function => function.Place).Order(StringComparer.Ordinal));

    // Internal classes of the app may hold functions (nobody outside needs them); private nested ones are a mistake.
    private static bool IsVisibleInside(this Type type) => !type.IsNestedPrivate;

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{0,127}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FunctionName();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9_-]*)*(?:/\{\*[A-Za-z]+\})?\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ExplicitRoute();
}
