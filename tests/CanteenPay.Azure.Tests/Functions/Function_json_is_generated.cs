using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using CanteenPay.Azure.Functions;

namespace CanteenPay.Azure.Tests.Functions;

public sealed class Function_json_is_generated : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("canteenpay-functions-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_queue_trigger_asks_for_bytes() => Text("SbBinary").ShouldBe(
        """{"bindings":[{"name":"msg","type":"serviceBusTrigger","direction":"in","queueName":"binary","connection":"ServiceBus","dataType":"binary"}]}""");

    [Fact]
    public void A_timer_has_its_schedule() => Text("TimerFn").ShouldBe(
        """{"bindings":[{"name":"timer","type":"timerTrigger","direction":"in","schedule":"0 */5 * * * *"}]}""");

    [Fact]
    public void An_HTTP_function_has_exactly_what_the_host_needs_to_proxy_it() => Text("Jobs").ShouldBe(
        """{"bindings":[{"name":"api","type":"httpTrigger","direction":"in","authLevel":"anonymous","methods":["get","post"],"route":"api/{*path}"},{"name":"$return","type":"http","direction":"out"}]}""");

    [Fact]
    public void Writing_again_changes_nothing_and_removes_what_is_gone()
    {
        var functions = FunctionIndex.Find([typeof(RecordedFunctions)]);
        FunctionJsonFolder.Write(functions, folder);
        var file = Path.Combine(folder, "SbJson", "function.json");
        var written = File.GetLastWriteTimeUtc(file).AddHours(-1);
        File.SetLastWriteTimeUtc(file, written);
        FunctionJsonFolder.Write([.. functions.Where(function => function.Name != "SbText")], folder);
        File.GetLastWriteTimeUtc(file).ShouldBe(written);
        File.Exists(Path.Combine(folder, "SbText", "function.json")).ShouldBeFalse();
        Directory.GetFiles(folder, "function.json", SearchOption.AllDirectories).Length.ShouldBe(functions.Count - 1);
    }

    [Fact]
    public void The_order_of_types_does_not_matter()
    {
        var one = FunctionIndex.Find([typeof(RecordedFunctions), typeof(StaticFunctions)]).Select(function => function.Name);
        FunctionIndex.Find([typeof(StaticFunctions), typeof(RecordedFunctions)]).Select(function => function.Name).ShouldBe(one);
    }

    [Fact]
    public void An_ordinary_start_is_not_the_tools()
    {
        FunctionJson.TryRun([], GetType().Assembly, out _).ShouldBeFalse();
        FunctionJson.TryRun(["--urls", "http://x"], GetType().Assembly, out _).ShouldBeFalse();
    }

    [Fact]
    public void The_tool_fails_for_functions_that_must_not_be_deployed()
    {
        // This assembly is full of them.
        FunctionJson.TryRun(["--write-function-json", folder], GetType().Assembly, out var exitCode).ShouldBeTrue();
        exitCode.ShouldBe(1);
        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();
        FunctionJson.TryRun(["--write-function-json"], GetType().Assembly, out exitCode).ShouldBeTrue();
        exitCode.ShouldBe(2);
    }

    [Fact]
    public void The_tool_writes_an_assemblys_functions()
    {
        FunctionJson.TryRun(["--write-function-json", folder], new AssemblyOf(typeof(StaticFunctions), typeof(Job)), out var exitCode).ShouldBeTrue();

        exitCode.ShouldBe(0);
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ShouldBe([Path.Combine(folder, "StaticTimer", "function.json")]);
        File.ReadAllText(Path.Combine(folder, "StaticTimer", "function.json")).ShouldContain("\"schedule\": \"0 0 0 * * *\"");
    }

    [Fact]
    public void A_message_unknown_to_every_JSON_context_fails_at_start() =>
        Should.Throw<FunctionDefinitionException>(() => FunctionRegistry.Build([typeof(RecordedFunctions)], Array.Empty<JsonSerializerContext>()))
            .Message.ShouldContain("[JsonSerializable(typeof(Job))]");

    [Theory]
    [InlineData(typeof(Wrong.SameName), "is used 2 times")]
    [InlineData(typeof(Wrong.SameNameInOtherCase), "differ by more than their case")]
    [InlineData(typeof(Wrong.NoTrigger), "has no trigger")]
    [InlineData(typeof(Wrong.TwoTriggers), "has 2 triggers")]
    [InlineData(typeof(Wrong.NoFunction), "no [Function")]
    [InlineData(typeof(Wrong.OneQueueTwice), "Queue 'q' has 2 triggers")]
    [InlineData(typeof(Wrong.CatchAll), "must begin with a literal segment")]
    [InlineData(typeof(Wrong.SlashCatchAll), "must begin with a literal segment")]
    [InlineData(typeof(Wrong.Parameter), "must begin with a literal segment")]
    [InlineData(typeof(Wrong.EmptyRoute), "must begin with a literal segment")]
    [InlineData(typeof(Wrong.AdminRoute), "the host keeps for itself")]
    [InlineData(typeof(Wrong.RuntimeRoute), "the host keeps for itself")]
    [InlineData(typeof(Wrong.NamedLikeARoot), "bears the name of an HTTP route's root")]
    [InlineData(typeof(Wrong.SameRoute), "Route 'api/{*path}' is used 2 times")]
    [InlineData(typeof(Wrong.NoMethods), "must name its methods")]
    [InlineData(typeof(Wrong.HttpInstance), "public static void")]
    [InlineData(typeof(Wrong.Text), "not String")]
    [InlineData(typeof(Wrong.Number), "not Int32")]
    [InlineData(typeof(Wrong.TimerPayload), "must come first and be TimerInfo")]
    [InlineData(typeof(Wrong.OtherParameter), "nothing else")]
    [InlineData(typeof(Wrong.OtherOrder), "nothing else")]
    [InlineData(typeof(Wrong.SecondTwice), "nothing else")]
    [InlineData(typeof(Wrong.Returns), "must return Task")]
    [InlineData(typeof(Wrong.BadName), "no function name")]
    [InlineData(typeof(Wrong.EmptyQueue), "queue name of function 'A' is empty")]
    [InlineData(typeof(Wrong.NotPublic), "must be a public")]
    public void What_must_not_be_deployed_fails_with_words(Type type, string words) =>
        Should.Throw<FunctionDefinitionException>(() => FunctionIndex.Find([type])).Errors.ShouldContain(error => error.Contains(words) && error.Length > 40);

    private static string Text(string name) => Encoding.UTF8.GetString(FunctionJsonFolder.Text(FunctionIndex.Find([typeof(RecordedFunctions)]).Single(function => function.Name == name)))
        .Replace("\n", "", StringComparison.Ordinal).Replace("  ", "", StringComparison.Ordinal).Replace("\": ", "\":", StringComparison.Ordinal);

    /// <summary>An assembly of sound functions: this one is full of others.</summary>
    private sealed class AssemblyOf(params Type[] types) : Assembly
    {
        public override Type[] GetTypes() => types;
    }
}
