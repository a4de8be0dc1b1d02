using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>What a machine takes for the time of a tap, and how long it may go on without the cloud.</summary>
public sealed class Card_clocks : IDisposable
{
    private readonly CardRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void The_same_card_is_debited_once_in_3_seconds_whatever_the_clocks_do_and_over_a_restart()
    {
        rig.Sync(Samples.Account(1));
        var tap = rig.Store.TapCard(1).ShouldNotBeNull();

        rig.Clock.Learn(rig.Time.GetUtcNow().AddMinutes(10), rig.Clock.Steady, rig.Clock.Steady);
        rig.Decide(1).ShouldBeOfType<TapRepeated>().Tap.ShouldBe(tap, "the cloud's time jumped, three seconds are not over");
        rig.Reopen();
        rig.Pass(2.9);
        rig.Decide(1).ShouldBeOfType<TapRepeated>().Tap.Id.ShouldBe(tap.Id);
        rig.Pass(0.2);
        rig.Decide(1).ShouldBeOfType<TapApproved>();
    }

    [Fact]
    public void A_machine_that_comes_back_with_its_clock_behind_does_not_take_a_card_for_repeated_for_an_hour()
    {
        rig.Sync(Samples.Account(1));
        var tap = rig.Store.TapCard(1).ShouldNotBeNull();
        rig.Time.WallClockJump = TimeSpan.FromHours(-1);
        rig.Reopen();
        rig.Pass(4);

        rig.Store.Now.ShouldBe(tap.At, "the time of taps does not go back");
        rig.Decide(1).ShouldBeOfType<TapApproved>();
    }

    [Fact]
    public void A_time_that_no_cloud_had_corrected_gives_way_to_the_cloud_s()
    {
        rig.Time.WallClockJump = TimeSpan.FromHours(40);
        rig.Reopen();
        rig.Tables.Clock.Keep();
        rig.Store.Now.ShouldBe(TillRig.Noon.AddHours(40));

        rig.Clock.Learn(TillRig.Noon, rig.Clock.Steady, rig.Clock.Steady);

        rig.Store.Now.ShouldBe(TillRig.Noon);
    }

    [Fact]
    public void No_card_pays_on_a_machine_that_did_not_hear_the_cloud_for_too_long_however_it_is_switched_off_and_its_clock_set()
    {
        rig.Sync(Samples.Rules with { Unbooked = new() { OfflineMinutes = 60 } }, Samples.Account(1), Samples.Account(2));
        TapRefusal? Stop() => rig.Store.Standing().Stop;
        void RunsFor(int minutes)
        {
            rig.Pass(minutes * 60);
            rig.Tables.Clock.Keep();
        }

        RunsFor(25);
        rig.Time.WallClockJump -= TimeSpan.FromDays(2);
        rig.Reopen();
        RunsFor(25);
        Stop().ShouldBeNull("50 minutes: setting the clock back wins nothing and costs nothing");
        rig.Close();
        rig.Pass(11 * 60);
        rig.Reopen();
        Stop().ShouldBe(TapRefusal.OfflineTooLong, "61 minutes: what it was switched off for counts");
        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.OfflineTooLong));

        rig.Clock.Learn(rig.Time.GetUtcNow(), rig.Clock.Steady, rig.Clock.Steady);
        rig.Tables.Clock.Heard().ShouldBeTrue("worth storing");
        Stop().ShouldBeNull();
        rig.Tables.Clock.Keep();
        rig.Reopen();
        Stop().ShouldBeNull();
    }

    [Fact]
    public void No_card_pays_before_the_cloud_has_ever_told_its_time_and_until_it_has_in_this_run_it_does_not_count_as_heard()
    {
        rig.Tables.Settings.Take(new() { Version = 1, MerchantId = TillRig.Merchant, Cards = Samples.Rules });
        rig.Pull.Take(new CardsPart { MerchantId = TillRig.Merchant, FromVersion = 0, Version = 1, Accounts = [Samples.Account(1)], More = false });
        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.ClockUnknown));
        void HeardAfterAMinute()
        {
            rig.Pass(60);
            if (rig.Tables.Clock.Heard())
                rig.Tables.Clock.Keep();
        }

        HeardAfterAMinute();
        rig.Tables.Clock.Unheard.ShouldBe(TimeSpan.FromMinutes(1));
        rig.Clock.Learn(rig.Time.GetUtcNow(), rig.Clock.Steady, rig.Clock.Steady);
        HeardAfterAMinute();
        rig.Tables.Clock.Unheard.ShouldBe(TimeSpan.Zero);
        rig.Decide(1).ShouldBeOfType<TapApproved>();
        rig.Reopen();
        rig.Tables.Clock.Keep();
        rig.Reopen();
        rig.Decide(1).ShouldBeOfType<TapApproved>("a machine goes on without a link");
        var before = rig.Tables.Clock.Unheard;
        HeardAfterAMinute();
        rig.Tables.Clock.Unheard.ShouldBe(before + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Power_cuts_with_the_clock_set_back_win_no_time_without_the_cloud()
    {
        rig.Sync(Samples.Rules with { Unbooked = new() { OfflineMinutes = 60 } }, Samples.Account(1));
        var ran = TimeSpan.Zero;
        while (true)
        {
            rig.Pass(4);
            if (rig.Store.TapCard(1, keyed: 1) is null)
                break;
            rig.Pass(25);
            (ran += TimeSpan.FromSeconds(29)).ShouldBeLessThanOrEqualTo(TimeSpan.FromHours(1));
            rig.Time.WallClockJump -= TimeSpan.FromMinutes(5);
            rig.Reopen();
        }

        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.OfflineTooLong));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(60_000, true)]
    public void Counters_of_a_machine_whose_clock_was_far_ahead_bar_no_card_and_hide_no_limit(int daysAhead, bool pays)
    {
        var staff = Samples.Rules.CardTypes[0] with { Limits = new() { MealTaps = 1 } };
        var ahead = new SpendCounters(Samples.Today.AddDays(daysAhead), new Dictionary<Meal, Spent> { [Meal.Lunch] = new(new(1500), 1) });
        rig.Sync(Samples.Rules with { CardTypes = [staff] }, Samples.Account(1) with { Counters = ahead });

        (rig.Store.TapCard(1) is not null).ShouldBe(pays);

        rig.Pass(4);
        rig.Decide(1).ShouldBe(new TapRefused(TapRefusal.OverCountLimit, new Fen(pays ? 87_50 : 100_00)));
    }
}
