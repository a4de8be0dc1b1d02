using CanteenPay.Channels.Registration;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Functions.Merchants.Subscriptions;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>The function app is killed after each I/O in turn (the effect stands, the answer is lost), people ask again, and there is one merchant, whole.</summary>
public sealed class KilledOnboardingTests
{
    private const int MoreThanAnyStory = 300;

    [Theory]
    [InlineData("bank")]
    [InlineData("manual")]
    public async Task An_app_killed_after_any_step_makes_one_whole_merchant(string way)
    {
        var steps = 0;
        for (var killAfter = 1; killAfter <= MoreThanAnyStory; killAfter++)
        {
            using var world = new World();
            var distributor = await world.DistributorAsync();
            var killed = world.KillAfter(killAfter);
            var filed = (await world.FileAsync(distributor, SampleApplication.Body())).View;
            world.Papers.Put(filed.MerchantId, FakePapers.All);
            (await world.SubmitAsync(distributor, filed.MerchantId, filed.Version)).View.State.ShouldBe("submitted");
            (await world.SendToAsync(filed.MerchantId, way)).View.State.ShouldBe("withBank");
            if (way == "bank")
                world.Registration.Decide(filed.MerchantId.Value, new RegistrationOutcome.Approved("7550000001"));
            else
                (await world.ApproveAsync(filed.MerchantId, "7550000001")).View.State.ShouldBe("approved");
            for (var sweeps = 0; sweeps < 3; sweeps++)
            {
                await world.PassAsync(TimeSpan.FromMinutes(11));
                await world.SweepAsync();
            }

            var active = (await world.ActivateAsync(filed.MerchantId)).View;
            if (!killed())
                break;

            steps = killAfter;
            var why = $"killed after I/O {killAfter}: {world.Failures[0].Message}";
            active.State.ShouldBe("active", why);
            active.Steps.Select(step => step.To).ShouldBe(["draft", "submitted", "withBank", "approved", "active"], why);
            world.Failures.ShouldAllBe(failure => IsKill(failure));
            (await world.Applications.ListAsync(null, CancellationToken.None).CountAsync()).ShouldBe(1, why);
            (await world.Get<MerchantIndex>().WithBankAsync(null, CancellationToken.None).CountAsync()).ShouldBe(0, why);
            world.Registration.Forms.Select(form => form.Sending).Distinct().ShouldBe(way == "bank" ? [1] : [], why);
            var profile = (await world.Get<MerchantRegistry>().ReadAsync(filed.MerchantId, CancellationToken.None)).ShouldNotBeNull(why);
            (profile.ChannelMerchantId, profile.Rates.ToString()).ShouldBe(("7550000001", "20261122:60/20"), why);
            (await world.Get<SubscriptionStore>().FeesAsync(filed.MerchantId, CancellationToken.None).CountAsync()).ShouldBe(1, why);
        }

        steps.ShouldBeGreaterThan(20, "the story took its I/O steps, and each was killed once");
        steps.ShouldBeLessThan(MoreThanAnyStory);
    }

    private static bool IsKill(Exception failure) => failure is Killed || (failure is AggregateException all && all.InnerExceptions.All(IsKill));
}
