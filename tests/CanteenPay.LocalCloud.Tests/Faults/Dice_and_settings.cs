using CanteenPay.LocalCloud.Faults;

namespace CanteenPay.LocalCloud.Tests.Faults;

public sealed class Dice_and_settings
{
    private static readonly HopSettings Everything = new()
    {
        Drop = 0.3,
        Double = 0.3,
        LostAnswer = 0.3,
        Reorder = 0.3,
        Delay = new(0.3, 500),
        EveryIo = 3,
    };

    [Fact]
    public void The_same_seed_replays_the_same_faults_and_another_seed_others()
    {
        Throw(7, Everything).ShouldBe(Throw(7, Everything));
        Throw(8, Everything).ShouldNotBe(Throw(7, Everything));
    }

    [Fact]
    public void One_share_changed_leaves_the_others_throws_where_they_were()
    {
        var (some, none) = (Throw(7, Everything), Throw(7, Everything with { Drop = 0 }));

        none.ShouldAllBe(v => !v.Nothing);
        none.ShouldBe(some.Select(v => v with { Nothing = false }));
    }

    [Fact]
    public void A_share_of_one_is_always_and_of_none_is_never()
    {
        Throw(1, new() { Double = 1 }).ShouldAllBe(v => v == new Verdict(false, true, false, false, TimeSpan.Zero, false));
        Throw(1, new() { Throttle = 1 }).ShouldAllBe(v => v.Nothing);
        Throw(1, new() { EveryIo = 1 }).ShouldAllBe(v => v.Kill);
        Throw(1, new() { Delay = new(1, 250) }).ShouldAllBe(v => v.Delay == TimeSpan.FromMilliseconds(250));
        Throw(1, HopSettings.Calm).ShouldAllBe(v => v == default);
        Throw(1, new() { EveryIo = 10 }).Count(v => v.Kill).ShouldBeInRange(60, 140);
    }

    [Fact]
    public void A_seed_for_all_hops_replays_each_of_them_however_busy_the_others_are()
    {
        var hops = new Dictionary<string, HopSettings> { ["tables"] = new() { LostAnswer = 0.5 }, ["front-door"] = new() { LostAnswer = 0.5 } };
        var (first, second) = (new FaultBoard(), new FaultBoard());
        first.SetAll(5, hops).ShouldBeNull();
        second.SetAll(5, hops).ShouldBeNull();
        second[HopKind.FrontDoor].Next();

        var tables = Draw(first[HopKind.Tables]);

        Draw(second[HopKind.Tables]).ShouldBe(tables);
        Draw(first[HopKind.FrontDoor]).ShouldNotBe(tables);
        first.SetAll(5, hops).ShouldBeNull();
        Draw(first[HopKind.Tables]).ShouldBe(tables);

        static List<Verdict?> Draw(Hop hop) => [.. Enumerable.Range(0, 100).Select(_ => hop.Next())];
    }

    [Fact]
    public void Counts_outlive_the_faults_and_begin_anew_with_all_hops()
    {
        var board = new FaultBoard();
        board.Set("tables", new() { Throttle = 1 }).ShouldBeNull();
        board[HopKind.Tables].Next().ShouldNotBeNull();
        board[HopKind.Tables].Count(FaultKind.Throttle);

        board.EndAll();

        board[HopKind.Tables].Next().ShouldBeNull();
        (board.Read().Total, board.Read().Hops["tables"].Seen, board.Read().Hops["tables"].Counts["throttle"]).ShouldBe((1, 1, 1));
        board.SetAll(null, new Dictionary<string, HopSettings>()).ShouldBeNull();
        board.Read().Total.ShouldBe(0);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "tables", "drop" }, { "machine-to-cloud", "lostAnswer" }, { "queue-delivery", "drop" }, { "front-door", "below" }, { "front-door", "above" },
        { "front-door", "slow" }, { "handler-kill", "negative" }, { "moon", "calm" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_a_hop_cannot_do_is_refused_with_its_name_and_nothing_changes(string hop, string what)
    {
        var board = new FaultBoard();
        HopSettings settings = what switch
        {
            "drop" => new() { Drop = 0.1 },
            "lostAnswer" => new() { LostAnswer = 0.1 },
            "below" => new() { Double = -0.1 },
            "above" => new() { Double = 1.1 },
            "slow" => new() { Delay = new(1, 60_001) },
            "negative" => new() { EveryIo = -1 },
            _ => HopSettings.Calm,
        };

        board.Set(hop, settings).ShouldNotBeNull().ShouldContain(hop);
        board.SetAll(1, new Dictionary<string, HopSettings> { ["tables"] = new() { Throttle = 1 }, [hop] = settings }).ShouldNotBeNull();

        board.Read().Hops.Values.ShouldAllBe(h => h.Settings == HopSettings.Calm);
    }

    private static List<Verdict> Throw(int seed, HopSettings settings)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 1000).Select(_ => Dice.Roll(random, settings))];
    }
}
