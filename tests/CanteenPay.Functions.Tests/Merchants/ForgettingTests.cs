using CanteenPay.Functions.Sealing;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>What is left of an application that was refused.</summary>
public sealed class ForgettingTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Personal_data_of_a_refused_application_is_there_for_90_days_and_then_gone()
    {
        var merchant = await RefusedAsync();
        await _world.PassAsync(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        await _world.NightAsync();
        (await _world.LookAsync(World.Operator, merchant)).View.LegalPerson.ShouldBe("张三");

        await _world.PassAsync(TimeSpan.FromSeconds(1));
        await _world.NightAsync();

        await IsForgottenAsync(merchant);
    }

    [Fact]
    public async Task A_night_that_is_killed_after_any_step_is_made_good_by_the_next()
    {
        for (var killAfter = 1; ; killAfter++)
        {
            using var world = new World();
            var merchant = await RefusedAsync(world);
            await world.PassAsync(TimeSpan.FromDays(90));
            var killed = world.KillAfter(killAfter);
            await world.NightAsync();
            world.NobodyIsKilled();
            await world.NightAsync();

            await IsForgottenAsync(merchant, world);
            if (!killed())
                break;
            killAfter.ShouldBeLessThan(100);
        }
    }

    [Fact]
    public async Task A_merchant_that_collects_is_not_forgotten()
    {
        var merchant = await _world.ActiveMerchantAsync(await _world.DistributorAsync());

        await _world.PassAsync(TimeSpan.FromDays(200));
        await _world.NightAsync();

        (await _world.LookAsync(World.Operator, merchant)).View.LegalPerson.ShouldBe("张三");
        (await _world.Get<MerchantKeys>().FindAsync(merchant, CancellationToken.None)).ShouldNotBeNull();
    }

    private async Task<CanteenPay.Protocol.MerchantId> RefusedAsync(World? world = null)
    {
        world ??= _world;
        var merchant = await world.SubmittedAsync(await world.DistributorAsync());
        (await world.RefuseAsync(merchant, "张三不是法定代表人")).View.State.ShouldBe("refused");
        return merchant;
    }

    private async Task IsForgottenAsync(CanteenPay.Protocol.MerchantId merchant, World? world = null)
    {
        world ??= _world;
        var left = (await world.LookAsync(World.Operator, merchant)).View;
        left.ShouldSatisfyAllConditions(
            view => view.State.ShouldBe("refused"),
            view => view.Licence.ShouldBe("91350100M000100Y43"),
            view => view.Documents.ShouldBeEmpty(),
            view => view.Steps.Count.ShouldBe(3));
        (await world.Get<MerchantKeys>().FindAsync(merchant, CancellationToken.None)).ShouldBeNull();
        var rows = await world.MerchantRowsAsync();
        foreach (var personal in new[] { "张三", "李四", "138****5678", "002X", "0018", "五四路", "Sealed" })
            rows.ShouldNotContain(personal);
    }
}
