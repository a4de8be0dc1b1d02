using System.Globalization;
using System.Xml;
using CanteenPay.Infra.Tests.Bicep;
using CanteenPay.Infra.Tests.Code;

namespace CanteenPay.Infra.Tests;

/// <summary>Queues: Bicep, the triggers, the senders, and what the local cloud plays.</summary>
public sealed class Queue_tests
{
    private const string Parked = "parked";

    private static IReadOnlyDictionary<string, Resource> Queues { get; } =
        Deployment.Prod.All("Microsoft.ServiceBus/namespaces/queues").ToDictionary(queue => queue.Name);

    [Fact]
    public void Each_queue_has_a_function_and_each_function_its_queue() => Queues.Keys.ShouldBe(AppInCode.TriggerQueues, ignoreOrder: true);

    [Fact]
    public void Whatever_the_app_sends_to_is_there() => AppInCode.It.SenderQueues.Except(Queues.Keys).ShouldBeEmpty();

    [Fact]
    public void Dead_letters_of_all_queues_go_to_one_that_keeps_its_own()
    {
        foreach (var queue in Queues.Values)
            queue.Property("forwardDeadLetteredMessagesTo").ShouldBe(queue.Name == Parked ? null : Parked, queue.Name);
    }

    [Fact]
    public void An_expired_message_is_a_dead_letter_and_not_lost() => Queues.Values.ShouldAllBe(queue => Equals(queue.Property("deadLetteringOnMessageExpiration"), true));

    [Fact]
    public void Duplicates_are_dropped_where_the_app_gives_messages_their_ids_and_nowhere_else()
    {
        var dropping = Queues.Values.Where(queue => queue.Property("requiresDuplicateDetection") is true).Select(queue => queue.Name);

        dropping.ShouldBe(AppInCode.It.SenderQueues, ignoreOrder: true);
    }

    [Fact]
    public void A_queue_keeps_the_rules_that_the_local_cloud_plays()
    {
        var played = Checkout.Text("infra/local/CanteenPay.LocalCloud/ServiceBus/QueueStoreOptions.cs");
        foreach (var queue in Queues.Values)
        {
            queue.Property("maxDeliveryCount").ShouldBe(long.Parse(Played("MaxDeliveryCount"), CultureInfo.InvariantCulture));
            Span(queue, "lockDuration").ShouldBe(TimeSpan.FromSeconds(Number("LockDuration", "FromSeconds")));
            Span(queue, "defaultMessageTimeToLive").ShouldBe(TimeSpan.FromDays(Number("DefaultTimeToLive", "FromDays")));
            if (queue.Property("requiresDuplicateDetection") is true)
                Span(queue, "duplicateDetectionHistoryTimeWindow").ShouldBe(TimeSpan.FromMinutes(Number("DuplicateDetectionWindow", "FromMinutes")));
        }

        Played("ForwardDeadLettersTo").ShouldBe($"\"{Parked}\"");

        string Played(string option) => played.Split($" {option} {{ get; init; }} = ")[1].Split(';')[0];
        int Number(string option, string unit) => int.Parse(Played(option).Split($"{unit}(")[1].Split(')')[0], CultureInfo.InvariantCulture);
        static TimeSpan Span(Resource queue, string property) => XmlConvert.ToTimeSpan(queue.Text(property));
    }

    [Fact]
    public void The_namespace_takes_no_keys()
    {
        var bus = Deployment.Prod.Single("Microsoft.ServiceBus/namespaces");

        bus.Property("disableLocalAuth").ShouldBe(true);
        ((IReadOnlyDictionary<string, object?>)bus.Body["sku"]!)["name"].ShouldBe("Standard");
    }
}
