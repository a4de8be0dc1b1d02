using CanteenPay.LocalCloud.Host;
using CanteenPay.LocalCloud.Host.Apps;

namespace CanteenPay.LocalCloud.Tests.Host;

public sealed class FunctionAppTests
{
    [Fact]
    public void Functions_and_queues_are_read_with_settings_filled_in()
    {
        using var app = new TestApp(functionTimeout: "00:02:00", concurrency: 4).WithQueue("Work", "%JobQueue%").WithTimer("Night", "0 30 17 * * *").WithHttp("Api", "api/{*path}");
        app.With("Off", """{"type":"serviceBusTrigger","name":"msg","queueName":"off"}],"disabled":true,"x":[""");

        var read = app.Read(new Dictionary<string, string> { ["JobQueue"] = "jobs" });

        read.Functions.Select(static f => (f.Name, f.Trigger.Kind, f.Trigger.Target)).ShouldBe([("Api", "http", "api/{*path}"), ("Night", "timer", "0 30 17 * * *"), ("Work", "serviceBus", "jobs")]);
        read.Queues.ShouldBe(["jobs"]);
        (read.Host.FunctionTimeout, read.Host.MaxConcurrentCalls, read.Host.RoutePrefix).ShouldBe((TimeSpan.FromMinutes(2), 4, ""));
        ((QueueTrigger)read.Functions[2].Trigger).Binary.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"type":"serviceBusTrigger","name":"msg","queueName":"%Nothing%"}""", "no app setting 'Nothing'")]
    [InlineData("""{"type":"serviceBusTrigger","name":"msg","topicName":"t"}""", "no queueName")]
    [InlineData("""{"type":"serviceBusTrigger","name":"msg","queueName":"q","dataType":"stream"}""", "dataType")]
    [InlineData("""{"type":"serviceBusTrigger","name":"msg","queueName":"q"},{"type":"serviceBus","direction":"out","name":"o","queueName":"p"}""", "output bindings")]
    [InlineData("""{"type":"serviceBusTrigger","name":"a","queueName":"q"},{"type":"timerTrigger","name":"b","schedule":"* * * * * *"}""", "2 triggers")]
    [InlineData("""{"type":"timerTrigger","name":"t","schedule":"*/5 * * * *"}""", "six fields")]
    [InlineData("""{"type":"httpTrigger","name":"r","authLevel":"anonymous","route":"admin/x"},{"type":"http","name":"$return"}""", "admin")]
    [InlineData("""{"type":"httpTrigger","name":"r","route":"api/x"},{"type":"http","name":"$return"}""", "authLevel")]
    [InlineData("""{"type":"httpTrigger","name":"r","authLevel":"anonymous","route":"api/x"}""", "exactly one httpTrigger")]
    [InlineData("""{"type":"httpTrigger","name":"r","authLevel":"anonymous","route":"api/{id:int}"},{"type":"http","name":"$return"}""", "constraints")]
    [InlineData("""{"type":"blobTrigger","name":"b"}""", "not played")]
    public void What_is_not_played_is_refused_with_the_file_and_the_reason(string bindings, string reason)
    {
        using var app = new TestApp().With("Odd", bindings);
        var refusal = Should.Throw<FunctionsHostException>(() => app.Read());
        refusal.Message.ShouldContain(Path.Combine("Odd", "function.json"));
        refusal.Message.ShouldContain(reason);
    }

    [Fact]
    public void A_folder_without_a_published_app_is_told()
    {
        using var app = new TestApp();
        Should.Throw<FunctionsHostException>(() => FunctionApp.Read(Path.Combine(app.Folder, "nothing"), new Dictionary<string, string>())).Message.ShouldContain("Publish the function app");
        Should.Throw<FunctionsHostException>(() => app.Read()).Message.ShouldContain("0 folders");
    }
}
