using System.Globalization;
using System.Text.Json;
using Azure.Messaging;
using CanteenPay.Azure.EventGrid;
using CanteenPay.Functions.Devices;
using CanteenPay.Infra.Tests.Bicep;
using CanteenPay.Protocol;

namespace CanteenPay.Infra.Tests;

/// <summary>The broker: Bicep, the local cloud's routes and access list, and the topics of the protocol.</summary>
public sealed class Broker_tests
{
    private const string Namespaces = "Microsoft.EventGrid/namespaces";

    private static readonly JsonElement Cloud = Checkout.Json("infra/local/cloud.json");

    private static readonly DeviceId Machine = DeviceId.New();

    private static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");

    [Fact]
    public void Machines_messages_are_routed_as_in_the_local_cloud()
    {
        var declared = Subscriptions().Select(route => $"{route.Begins} … {route.Ends} -> {route.Queue}");
        var played = Cloud.GetProperty("subscriptions").EnumerateArray()
            .Select(route => $"{route.GetProperty("subjectBeginsWith")} … {route.GetProperty("subjectEndsWith")} -> {route.GetProperty("queue")}");

        declared.ShouldBe(played, ignoreOrder: true);
    }

    [Fact]
    public void What_a_machine_says_reaches_exactly_one_queue_and_what_it_is_told_none()
    {
        string[] said = [Topics.PaymentsUp(Machine), Topics.CardsUp(Machine), Topics.StatusUp(Machine)];
        string[] told = [Topics.PaymentsDown(Machine), Topics.CardsDown(Machine), Topics.StatusDown(Machine), Topics.SettingsDown(Machine), Topics.MerchantCards(Merchant)];

        said.Select(Queues).ShouldAllBe(queues => queues == 1);
        told.Select(Queues).ShouldAllBe(queues => queues == 0);

        static int Queues(string topic) => Subscriptions()
            .Count(route => topic.StartsWith(route.Begins, StringComparison.Ordinal) && topic.EndsWith(route.Ends, StringComparison.Ordinal));
    }

    [Fact]
    public void Machines_may_publish_and_read_as_in_the_local_cloud()
    {
        Templates(Bound("Publisher")).ShouldBe(Played("write"), ignoreOrder: true);
        Templates(Bound("Subscriber")).ShouldBe(Played("read"), ignoreOrder: true);

        static IEnumerable<string> Played(string access) => Cloud.GetProperty("access").GetProperty(access).EnumerateArray().Select(template => template.GetString()!
            .Replace("{device}", "${client.authenticationName}", StringComparison.Ordinal).Replace("{merchant}", "${client.attributes.merchant}", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_group_of_machines_is_given_anything()
    {
        var group = Deployment.Prod.Single(Namespaces + "/clientGroups");

        Deployment.Prod.All(Namespaces + "/permissionBindings").ShouldAllBe(binding => binding.Text("clientGroupName") == group.Name);
        group.Text("query").ShouldBe("attributes.kind = \"machine\"");
    }

    [Fact]
    public void A_machine_is_written_with_the_attributes_that_groups_and_templates_go_by()
    {
        var client = MachineRegistrar.ClientOf(new DeviceProfile(Machine, Merchant, "一号窗口", IsActive: true));
        var templates = Deployment.Prod.All(Namespaces + "/topicSpaces").SelectMany(space => space.List("topicTemplates")).Cast<string>().ToList();

        client.AuthenticationName.ShouldBe(Machine.Value);
        client.Attributes["kind"].ShouldBe("machine");
        client.Attributes.Keys.Except(["kind"]).ShouldAllBe(name => templates.Any(template => template.Contains($"${{client.attributes.{name}}}", StringComparison.Ordinal)));
        client.Attributes["merchant"].ShouldBe(Merchant.Value);
    }

    [Fact]
    public void Machines_are_written_to_the_namespace_that_Bicep_makes()
    {
        var settings = Deployment.Prod.Single("Microsoft.Web/sites").List("siteConfig.appSettings").Cast<IReadOnlyDictionary<string, object?>>()
            .ToDictionary(setting => (string)setting["name"]!, setting => setting["value"]?.ToString());

        settings["EventGrid__NamespaceId"].ShouldBe("«broker/broker.id»");
        settings["ResourceManager__Endpoint"].ShouldBe("«environment().resourceManager»");
    }

    [Fact]
    public void The_app_may_publish_all_that_it_says_and_nothing_that_a_machine_says()
    {
        var templates = Templates("cloud").ToList();
        string[] told = [Topics.PaymentsDown(Machine), Topics.CardsDown(Machine), Topics.StatusDown(Machine), Topics.SettingsDown(Machine), Topics.MerchantCards(Merchant)];

        told.ShouldAllBe(topic => templates.Any(template => Covers(template, topic)));
        templates.ShouldAllBe(template => !Covers(template, Topics.PaymentsUp(Machine)));
    }

    [Fact]
    public void The_broker_adds_who_published_under_the_name_that_the_app_believes()
    {
        var broker = Deployment.Prod.Single(Namespaces);
        var enrichment = broker.List("topicSpacesConfiguration.routingEnrichments.dynamic").Cast<IReadOnlyDictionary<string, object?>>().Single();
        var routed = new CloudEvent("broker", "MQTT.EventPublished", BinaryData.FromString("{}"), "application/json") { Subject = Topics.PaymentsUp(Machine) };
        routed.ExtensionAttributes[(string)enrichment["key"]!] = Machine.ToString();

        RoutedMessage.Read(routed).ClientName.ShouldBe(Machine.ToString());
        enrichment["value"].ShouldBe("${client.authenticationName}");
        broker.Text("topicSpacesConfiguration.routeTopicResourceId").ShouldBe("«routing/topic.id»");
    }

    [Fact]
    public void A_session_may_last_as_long_as_a_machine_asks_for()
    {
        var asked = Checkout.Text("device-agent/CanteenPay.Mqtt/MqttOptions.cs").Split("SessionExpiry { get; init; } = TimeSpan.FromHours(")[1].Split(')')[0];

        Deployment.Prod.Single(Namespaces).Property("topicSpacesConfiguration.maximumSessionExpiryInHours").ShouldBe(long.Parse(asked, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Roles_are_there_before_what_needs_them()
    {
        var main = Deployment.Prod.Main.File;

        // A module begins when those are done whose outputs it takes.
        string[] givesRoles = ["messaging", "data"];
        givesRoles.ShouldBeSubsetOf(Names.In(main.Find("routing")!.Value!));
        Names.In(main.Find("broker")!.Value!).ShouldContain("routing");
    }

    [Fact]
    public void The_topic_takes_no_keys() => Deployment.Prod.Single("Microsoft.EventGrid/topics").Property("disableLocalAuth").ShouldBe(true);

    private static IEnumerable<(string Begins, string Ends, string Queue)> Subscriptions() =>
        from subscription in Deployment.Prod.All("Microsoft.EventGrid/topics/eventSubscriptions")
        let queue = subscription.Text("deliveryWithResourceIdentity.destination.properties.resourceId").Split(", ")[^1].TrimEnd('»', ')')
        select (subscription.Text("filter.subjectBeginsWith"), subscription.Text("filter.subjectEndsWith"), queue);

    private static string Bound(string permission) =>
        Deployment.Prod.All(Namespaces + "/permissionBindings").Single(binding => binding.Text("permission") == permission).Text("topicSpaceName");

    private static IEnumerable<string> Templates(string space) =>
        Deployment.Prod.All(Namespaces + "/topicSpaces").Single(candidate => candidate.Name == space).List("topicTemplates").Cast<string>();

    /// <summary>As MQTT matches filters.</summary>
    private static bool Covers(string template, string topic)
    {
        var filter = template.Split('/');
        var segments = topic.Split('/');
        for (var i = 0; i < filter.Length; i++)
        {
            if (filter[i] == "#")
                return true;
            if (i >= segments.Length || (filter[i] != "+" && filter[i] != segments[i]))
                return false;
        }

        return filter.Length == segments.Length;
    }
}
