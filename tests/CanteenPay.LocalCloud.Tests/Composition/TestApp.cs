using System.Text.Json;

namespace CanteenPay.LocalCloud.Tests.Composition;

/// <summary>A function app of a few lines that writes down what it is given, in a language that needs no build (Azurite needs node anyway).</summary>
internal static class TestApp
{
    private const string Handler = """
        #!/usr/bin/env node
        const fs = require('fs'), http = require('http');
        let n = 0;
        http.createServer((request, response) => {
          let body = '';
          request.on('data', chunk => body += chunk);
          request.on('end', () => {
            if (request.method === 'POST' && !request.url.startsWith('/api/')) {
              const file = `${process.env.RECEIVED}/${request.url.slice(1)}-${process.pid}-${n++}`;
              fs.writeFileSync(file + '.new', body);
              fs.renameSync(file + '.new', file + '.json');
            }
            if (request.method === 'POST' && request.url.startsWith('/api/')) fs.appendFileSync(`${process.env.RECEIVED}/posted`, body + '\n'), fs.appendFileSync(`${process.env.RECEIVED}/bearers`, request.headers.authorization + '\n');
            response.setHeader('Content-Type', 'application/json');
            response.end(JSON.stringify({ Outputs: {}, Logs: [], ReturnValue: null, Url: request.url, Drawn: 'DRAWN001' }));
          });
        }).listen(process.env.FUNCTIONS_CUSTOMHANDLER_PORT, '127.0.0.1');
        """;

    internal static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "handler"), Handler);
        File.SetUnixFileMode(Path.Combine(folder, "handler"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(folder, "host.json"), """
            { "version": "2.0",
              "customHandler": { "description": { "defaultExecutablePath": "handler" }, "enableProxyingHttpRequest": true },
              "extensions": { "http": { "routePrefix": "" } } }
            """);
        Function(folder, "MachinePayments", """{ "type": "serviceBusTrigger", "direction": "in", "name": "event", "queueName": "device-payments", "connection": "ServiceBus", "dataType": "binary" }""");
        Function(folder, "MachineStatus", """{ "type": "serviceBusTrigger", "direction": "in", "name": "event", "queueName": "device-status", "connection": "ServiceBus", "dataType": "binary" }""");
        Function(folder, "Api", """
            { "type": "httpTrigger", "direction": "in", "name": "req", "authLevel": "anonymous", "methods": ["get", "post"], "route": "api/{*path}" },
            { "type": "http", "direction": "out", "name": "res" }
            """);
    }

    /// <summary>The CloudEvents that a function has been given so far.</summary>
    internal static IReadOnlyList<JsonElement> Events(string received, string function) =>
        [.. Directory.GetFiles(received, $"{function}-*.json").Select(file =>
        {
            using var invocation = JsonDocument.Parse(File.ReadAllBytes(file));
            var body = JsonDocument.Parse(invocation.RootElement.GetProperty("Data").GetProperty("event").GetString()!.Trim('"') is var text
                ? Convert.FromBase64String(text)
                : []);
            return body.RootElement;
        })];

    private static void Function(string folder, string name, string bindings)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, name, "function.json"), $$"""{ "bindings": [ {{bindings}} ] }""");
    }
}
