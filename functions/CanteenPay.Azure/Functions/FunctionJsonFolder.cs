using System.Text.Json;

namespace CanteenPay.Azure.Functions;

/// <summary>Writes <c>{FunctionName}/function.json</c>: the same bytes for the same functions, untouched when nothing changed.</summary>
internal static class FunctionJsonFolder
{
    private const string FileName = "function.json";

    internal static void Write(IReadOnlyList<FunctionDefinition> functions, string folder)
    {
        RemoveOthers(functions, folder);
        foreach (var function in functions)
        {
            var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, function.Name)).FullName, FileName);
            var json = Text(function);
            if (!File.Exists(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(json))
            {
                File.WriteAllBytes(file, json);
            }
        }
    }

    internal static byte[] Text(FunctionDefinition function)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("bindings");
            json.WriteStartObject();
            json.WriteString("name", function.Parameter.Name);
            WriteTrigger(json, function.Trigger);
            json.WriteEndObject();
            if (function.IsHttp)
            {
                json.WriteStartObject();
                json.WriteString("name", "$return");
                json.WriteString("type", "http");
                json.WriteString("direction", "out");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteTrigger(Utf8JsonWriter json, TriggerBindingAttribute trigger)
    {
        switch (trigger)
        {
            case ServiceBusTriggerAttribute queue:
                json.WriteString("type", "serviceBusTrigger");
                json.WriteString("direction", "in");
                json.WriteString("queueName", queue.QueueName);
                json.WriteString("connection", queue.Connection);
                // Bytes arrive as base64 and overwrite nothing; any other type lets properties of the payload replace the host's metadata.
                json.WriteString("dataType", "binary");
                break;
            case TimerTriggerAttribute timer:
                json.WriteString("type", "timerTrigger");
                json.WriteString("direction", "in");
                json.WriteString("schedule", timer.Schedule);
                break;
            case HttpTriggerAttribute http:
                json.WriteString("type", "httpTrigger");
                json.WriteString("direction", "in");
                json.WriteString("authLevel", AuthLevel(http.AuthLevel));
                json.WriteStartArray("methods");
                foreach (var method in http.Methods)
                {
                    json.WriteStringValue(method.ToLowerInvariant());
                }

                json.WriteEndArray();
                json.WriteString("route", http.Route);
                break;
        }
    }

    private static string AuthLevel(AuthorizationLevel level) => level switch
    {
        AuthorizationLevel.Anonymous => "anonymous",
        AuthorizationLevel.Function => "function",
        _ => "admin",
    };

    private static void RemoveOthers(IReadOnlyList<FunctionDefinition> functions, string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var stale in Directory.EnumerateDirectories(folder).Where(path => File.Exists(Path.Combine(path, FileName))))
        {
            if (!functions.Any(function => function.Name == Path.GetFileName(stale)))
            {
                File.Delete(Path.Combine(stale, FileName));
            }
        }
    }
}
