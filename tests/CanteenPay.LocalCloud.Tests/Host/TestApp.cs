using CanteenPay.LocalCloud.Host;
using CanteenPay.LocalCloud.Tests.ServiceBus;

namespace CanteenPay.LocalCloud.Tests.Host;

/// <summary>A function app's folder as a publish would leave it.</summary>
internal sealed class TestApp : IDisposable
{
    private readonly TempFolder _folder = new();

    public TestApp(string customHandler = """{"description":{"defaultExecutablePath":"handler"},"enableProxyingHttpRequest":true}""", string functionTimeout = "00:05:00", int concurrency = 16)
    {
        Write("host.json", $$$"""
            {"version":"2.0","customHandler":{{{customHandler}}},"functionTimeout":"{{{functionTimeout}}}",
             "extensions":{"http":{"routePrefix":""},"serviceBus":{"maxConcurrentCalls":{{{concurrency}}} } } }
            """);
    }

    public string Folder => _folder.Path;

    /// <summary>An app whose handler is a shell script, run by sh so that no freshly written file has to be executed.</summary>
    public static TestApp OfScript(string script)
    {
        var app = new TestApp("""{"description":{"defaultExecutablePath":"/bin/sh","arguments":["handler.sh"]},"enableProxyingHttpRequest":true}""");
        app.Write("handler.sh", script);
        return app.WithQueue("Work", "jobs");
    }

    public TestApp WithQueue(string function, string queue, string? dataType = "binary") => With(function,
        $$"""{"type":"serviceBusTrigger","direction":"in","name":"msg","queueName":"{{queue}}","connection":"ServiceBus"{{(dataType is null ? "" : $",\"dataType\":\"{dataType}\"")}}}""");

    public TestApp WithTimer(string function, string schedule, string more = "") => With(function, $$"""{"type":"timerTrigger","direction":"in","name":"timer","schedule":"{{schedule}}"{{more}}}""");

    public TestApp WithHttp(string function, string route, string methods = """["get","post"]""") => With(function,
        $$"""{"type":"httpTrigger","direction":"in","name":"req","authLevel":"anonymous","route":"{{route}}","methods":{{methods}}},{"type":"http","direction":"out","name":"$return"}""");

    public TestApp With(string function, string bindings)
    {
        Write(Path.Combine(function, "function.json"), $$"""{"bindings":[{{bindings}}]}""");
        return this;
    }

    public FunctionApp Read(IReadOnlyDictionary<string, string>? settings = null) => FunctionApp.Read(Folder, settings ?? new Dictionary<string, string>());

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
        File.WriteAllText(_folder.File(file), text);
    }

    public void Dispose() => _folder.Dispose();
}
