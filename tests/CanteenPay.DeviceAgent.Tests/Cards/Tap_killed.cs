using System.Diagnostics;
using System.Globalization;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>
/// A process that taps is killed at 200 random moments. Goal: every tap that it said is in the journal once, numbers have no hole, the hashes are right, and all
/// arrives in the cloud once. Method: lanes, each with a folder that goes through fifty lives; looked at after the last.
/// </summary>
public sealed class Tap_killed
{
    /// <summary>CANTEENPAY_TAP_KILLS says how many for a longer run, or a shorter one.</summary>
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("CANTEENPAY_TAP_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 200;

    private const int Lanes = 4;
    private const int MostTaps = 8;
    private const int LongestMs = 15;
    private const int LongestStartMs = 500;

    /// <summary>Within a meal, whatever the time is where this runs.</summary>
    private static readonly string Noon = TillRig.Noon.ToString("o", CultureInfo.InvariantCulture);

    [Fact]
    public async Task No_approved_tap_is_missing_or_doubled_and_all_arrive_in_the_cloud_once() =>
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => LaneAsync(new Random(lane)))));

    private static async Task LaneAsync(Random random)
    {
        using var folder = new TestFolder();
        List<string> said = [];
        for (var kill = 0; kill < Kills / Lanes; kill++)
            said.AddRange(await LifeAsync(folder.Path, random));

        said.Count.ShouldBeGreaterThan(Kills / Lanes);
        using (var rig = new CardRig(folder.Path))
        {
            rig.Damage.ShouldBeNull();
            var hash = rig.Tables.Journals.HashAt(rig.Journal, 0)!.Value;
            foreach (var (stored, seq) in rig.Tables.Journals.Read(rig.Journal, 1, int.MaxValue).Select((stored, index) => (stored, index + 1)))
            {
                hash = hash.Then(stored.Entry);
                (stored.Entry.Seq, stored.Hash).ShouldBe((seq, hash));
            }

            ShouldBeSaid(rig.Entries, said);
        }

        await AllArriveAsync(folder.Path, said);
    }

    /// <summary>One life: killed at a random moment after its first tap, or before it.</summary>
    private static async Task<List<string>> LifeAsync(string folder, Random random)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CanteenPay.TapLoop.dll"), folder, Noon])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        List<string> said = [];
        var early = random.Next(10) == 0;
        for (var taps = early ? 0 : random.Next(1, MostTaps); taps > 0 && await process.StandardOutput.ReadLineAsync() is { } line; taps--)
            said.Add(line);
        await Task.Delay(random.Next(early ? LongestStartMs : LongestMs));
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } rest)
            said.Add(rest);
        await process.WaitForExitAsync();
        (await errors).ShouldBe("");
        return said;
    }

    /// <summary>All that was said is stored, whole and once; what was stored and not said is at most the last of each life.</summary>
    private static void ShouldBeSaid(IReadOnlyList<CardEntry> entries, List<string> said)
    {
        var taps = entries.GroupBy(entry => entry.TapId.Value, StringComparer.Ordinal).ToDictionary(tap => tap.Key, tap => tap.ToList(), StringComparer.Ordinal);
        said.ShouldBeUnique();
        said.Where(id => !taps.ContainsKey(id)).ShouldBeEmpty();
        (taps.Count - said.Count).ShouldBeInRange(0, Kills / Lanes);
        foreach (var parts in taps.Values)
        {
            parts.Select(part => part.Part).ShouldBe(Enumerable.Range(0, parts.Count));
            (parts[^1].Seq - parts[0].Seq).ShouldBe(parts.Count - 1);
        }
    }

    /// <summary>The folder gets an agent and a cloud; what the loop's own acknowledgements said is taken back first, so that all of it is sent.</summary>
    private static async Task AllArriveAsync(string folder, List<string> said)
    {
        using (var rig = new CardRig(folder))
            rig.Tables.Database.Run("UPDATE card_journals SET acked = 0");
        var broker = new FakeBroker();
        var cloud = new ScriptedCloud(broker);
        cloud.Open(Enumerable.Range(0, 20).Select(number => Samples.Account(number)));
        var time = new ManualTime(TillRig.Noon);
        await using var agent = await AgentRig.StartAsync(broker, time, folder);
        await time.PassUntil(() => agent.Part<CardStore>().Standing().Unsent == 0, TimeSpan.FromMilliseconds(50), "all entries");

        said.Except(cloud.Booked.Select(entry => entry.TapId.Value), StringComparer.Ordinal).ShouldBeEmpty();
        cloud.Booked.Select(entry => (entry.TapId, entry.Part)).ShouldBeUnique();
    }
}
