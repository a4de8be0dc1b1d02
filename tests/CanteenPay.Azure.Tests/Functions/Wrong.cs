using CanteenPay.Azure.Functions;
using Microsoft.AspNetCore.Routing;

namespace CanteenPay.Azure.Tests.Functions;

/// <summary>Declarations that the build must refuse, one mistake each.</summary>
public static class Wrong
{
    public static class SameName
    {
        [Function("A")]
        public static Task OneAsync([ServiceBusTrigger("q")] Job a) => Task.CompletedTask;

        [Function("A")]
        public static Task TwoAsync([ServiceBusTrigger("r")] Job a) => Task.CompletedTask;

    }

    public static class SameNameInOtherCase
    {
        [Function("Poll")]
        public static Task OneAsync([ServiceBusTrigger("q")] Job a) => Task.CompletedTask;

        [Function("POLL")]
        public static Task TwoAsync([ServiceBusTrigger("r")] Job a) => Task.CompletedTask;

    }

    public static class NoTrigger
    {
        [Function("A")]
        public static Task OneAsync(Job a) => Task.CompletedTask;

    }

    public static class TwoTriggers
    {
        [Function("A")]
        public static Task OneAsync([ServiceBusTrigger("q")] Job a, [TimerTrigger("0 * * * * *")] TimerInfo b) => Task.CompletedTask;

    }

    public static class NoFunction
    {
        public static Task OneAsync([ServiceBusTrigger("q")] Job a) => Task.CompletedTask;

    }

    public static class OneQueueTwice
    {
        [Function("A")]
        public static Task OneAsync([ServiceBusTrigger("q")] Job a) => Task.CompletedTask;

        [Function("B")]
        public static Task TwoAsync([ServiceBusTrigger("Q")] Job a) => Task.CompletedTask;

    }

    public static class CatchAll
    {
        [Function("A")]
        public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{*path}")] RouteGroupBuilder api) => _ = api;
    }

    public static class SlashCatchAll
    {
        [Function("A")]
        public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "/{*path}")] RouteGroupBuilder api) => _ = api;
    }

    public static class Parameter
    {
        [Function("A")]
        public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{id}/x")] RouteGroupBuilder api) => _ = api;
    }

    public static class EmptyRoute
    {
        [Function("A")]
        public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "")] RouteGroupBuilder api) => _ = api;
    }

    public static class AdminRoute
    {
        [Function("A")]
        public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "admin/x")] RouteGroupBuilder api) => _ = api;
    }

    public static class RuntimeRoute
    {
        [Function("A")]
        public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "Runtime/{*path}")] RouteGroupBuilder api) => _ = api;
    }

    public static class NamedLikeARoot
    {
        [Function("Api")]
        public static Task OneAsync([ServiceBusTrigger("q")] Job a) => Task.CompletedTask;

        [Function("Pages")]
        public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/{*path}")] RouteGroupBuilder api) => _ = api;

    }

    public static class SameRoute
    {
        [Function("A")]
        public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/{*path}")] RouteGroupBuilder api) => _ = api;

        [Function("B")]
        public static void Map2([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/{*path}")] RouteGroupBuilder api) => _ = api;

    }

    public static class NoMethods
    {
        [Function("A")]
        public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, Route = "api/x")] RouteGroupBuilder api) => _ = api;

    }

    public sealed class HttpInstance
    {
        private readonly object seen = new();

        [Function("A")]
        public void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/x")] RouteGroupBuilder api) => _ = (api, seen);
    }

    public static class Text
    {
        [Function("A")]
        public static Task OneAsync([ServiceBusTrigger("q")] string a) => Task.CompletedTask;

    }

    public static class Number
    {
        [Function("A")]
        public static Task OneAsync([ServiceBusTrigger("q")] int a) => Task.CompletedTask;

    }

    public static class TimerPayload
    {
        [Function("A")]
        public static Task OneAsync([TimerTrigger("0 * * * * *")] Job a) => Task.CompletedTask;

    }

    public static class OtherParameter
    {
        [Function("A")]
        public static Task OneAsync([ServiceBusTrigger("q")] Job a, TimeProvider time) => Task.CompletedTask;

    }

#pragma warning disable CA1068 // That is the mistake.
    public static class OtherOrder
    {
        [Function("A")]
        public static Task OneAsync([ServiceBusTrigger("q")] Job a, CancellationToken cancellationToken, FunctionContext context) => Task.CompletedTask;

    }
#pragma warning restore CA1068

    public static class SecondTwice
    {
        [Function("A")]
        public static Task OneAsync([ServiceBusTrigger("q")] Job a, FunctionContext context, FunctionContext other) => Task.CompletedTask;

    }

    public static class Returns
    {
        [Function("A")]
        public static int OneAsync([ServiceBusTrigger("q")] Job a) => 1;

    }

    public static class BadName
    {
        [Function("a/b")]
        public static Task OneAsync([ServiceBusTrigger("q")] Job a) => Task.CompletedTask;

    }

    public static class EmptyQueue
    {
        [Function("A")]
        public static Task OneAsync([ServiceBusTrigger("")] Job a) => Task.CompletedTask;

    }

    public static class NotPublic
    {
        [Function("A")]
        internal static Task OneAsync([ServiceBusTrigger("q")] Job a) => Task.CompletedTask;

    }
}
