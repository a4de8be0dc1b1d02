using System.Collections.Concurrent;
using System.Net;
using CanteenPay.LocalCloud.Host.Handlers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CanteenPay.LocalCloud.Tests.Host;

/// <summary>A handler that is a server in the test's own process: listens on the port that the host gives it and answers as the test says.</summary>
internal sealed class InProcessHandler(Func<HttpContext, Task> respond) : IHandlerStarter
{
    /// <summary>What the host accepts as a success.</summary>
    public const string Done = """{"Outputs":{},"Logs":[],"ReturnValue":null}""";

    public ConcurrentQueue<HandlerStart> Starts { get; } = [];

    /// <summary>Method and raw target of every request but the host's readiness probes.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    public Running? Current { get; private set; }

    public static Task SucceedAsync(HttpContext context) => AnswerAsync(context, 200, "application/json", Done);

    public static Task AnswerAsync(HttpContext context, int status, string? type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    }

    public IHandler Start(HandlerStart start)
    {
        Starts.Enqueue(start);
        return Current = new Running(start.Port, context =>
        {
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            if (target == "/")
                return Task.CompletedTask;
            Calls.Enqueue(context.Request.Method + " " + target);
            return respond(context);
        });
    }

    internal sealed class Running : IHandler
    {
        private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly WebApplication _server;

        public Running(int port, RequestDelegate serve)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
            _server = builder.Build();
            _server.Run(serve);
            // Not awaited on purpose: a process too listens some time after it was started, and the host asks until it does.
            _ = _server.StartAsync();
        }

        public int? ProcessId => null;

        public Task<int> Exited => _exited.Task;

        public void Exit(int code)
        {
            using var now = new CancellationTokenSource();
            now.Cancel();
            _ = _server.StopAsync(now.Token);
            _exited.TrySetResult(code);
        }

        public void Kill() => Exit(137);

        public void Dispose() => Kill();
    }
}
