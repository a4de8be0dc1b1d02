using CanteenPay.Functions.Copies;

namespace CanteenPay.Functions.Tests.Copies;

/// <summary>A message that is not ours, or not of these days, writes nothing and waits for a person.</summary>
public sealed class HostileMessageTests
{
    private const string Good = """{"label":"2026-11-23","account":"main","table":"Orders","slice":1,"slices":8,"began":"2026-11-22T17:30:00+00:00"}""";

    [Theory]
    [InlineData("\"2026-11-23\"", "\"../documents\"", "no copy")]
    [InlineData("\"2026-11-23\"", "\"2026-13-01\"", "no copy")]
    [InlineData("\"2026-11-23\"", "\"2026-11-23/x\"", "no copy")]
    [InlineData("\"main\"", "\"other\"", "no account")]
    [InlineData("\"Orders\"", "\"orders\"", "no such table")]
    [InlineData("\"Orders\"", "\"Secrets\"", "no such table")]
    [InlineData("\"slice\":1", "\"slice\":8", "such a slice")]
    [InlineData("\"slice\":1", "\"slice\":-1", "such a slice")]
    [InlineData("\"slices\":8", "\"slices\":0", "such a slice")]
    [InlineData("\"slices\":8", "\"slices\":7", "such a slice")]
    [InlineData("\"slices\":8", "\"slices\":8,\"part\":-1", "such a part")]
    [InlineData("\"slices\":8", "\"slices\":8,\"part\":1", "such a part")]
    [InlineData("\"slices\":8", "\"slices\":8,\"part\":100000,\"after\":{\"partition\":\"5\",\"row\":\"1\"}", "such a part")]
    [InlineData("\"slices\":8", "\"slices\":8,\"part\":1,\"rows\":-1,\"after\":{\"partition\":\"5\",\"row\":\"1\"}", "such a part")]
    [InlineData("\"slices\":8", "\"slices\":8,\"part\":1,\"after\":{\"partition\":\"3\",\"row\":\"1\"}", "such a part")]
    [InlineData("\"slices\":8", "\"slices\":8,\"part\":1,\"after\":{\"partition\":\"8\",\"row\":\"1\"}", "such a part")]
    [InlineData("2026-11-22T17:30:00+00:00", "2026-11-21T17:29:00+00:00", "more than a day ago")]
    public async Task It_is_parked_with_the_reason_and_writes_nothing(string replaced, string by, string reason)
    {
        var rig = new CopyRig();

        await rig.DeliverAsync(BinaryData.FromString(Good.Replace(replaced, by, StringComparison.Ordinal)));

        rig.Parked.ShouldHaveSingleItem();
        rig.Failures[0].ShouldBeOfType<InvalidOperationException>().Message.ShouldContain(reason);
        rig.Files.All.ShouldBeEmpty();
        rig.ServiceBus.Sent(CopyQueue.Queue).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"label":null,"account":"main","table":"Orders","slice":1,"slices":8,"began":"2026-11-22T17:30:00+00:00"}""")]
    public async Task What_is_no_message_is_parked(string body)
    {
        var rig = new CopyRig();

        await rig.DeliverAsync(BinaryData.FromString(body));

        rig.Parked.ShouldHaveSingleItem();
        rig.Files.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_message_that_they_were_made_of_is_taken()
    {
        var rig = new CopyRig();

        await rig.DeliverAsync(BinaryData.FromString(Good));

        rig.Parked.ShouldBeEmpty();
        rig.Files.All.Keys.ShouldBe(["2026-11-23/main/Orders/01-00000.jsonl.gz", "2026-11-23/main/Orders/01.done.json"]);
    }

    [Fact]
    public async Task A_blob_that_is_none_of_ours_under_a_parts_name_is_not_taken_for_one()
    {
        var rig = new CopyRig();
        await rig.Files.TryPutAsync("2026-11-23/main/Orders/01-00000.jsonl.gz", BinaryData.FromString("x"), new Dictionary<string, string> { ["rows"] = "1", ["sha256"] = "00", ["next"] = "e30=" }, CancellationToken.None);

        await rig.DeliverAsync(BinaryData.FromString(Good));
        await rig.DrainAsync();

        rig.Parked.ShouldHaveSingleItem();
        rig.Failures[0].ShouldBeOfType<FormatException>().Message.ShouldContain("01-00000");
    }
}
