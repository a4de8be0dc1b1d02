using CanteenPay.Channels.Registration;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>Money is collected under a verification code: it is the right one, and one merchant's only.</summary>
public sealed class VerificationCodeTests : IDisposable
{
    private const string Code = "7550000001";

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task An_approval_of_earlier_papers_is_not_taken_for_the_corrected_ones()
    {
        var distributor = await _world.DistributorAsync();
        var merchant = await _world.SubmittedAsync(distributor);
        await _world.SendToAsync(merchant, "bank");
        var returned = (await _world.ReturnAsync(merchant, "settlement.account", "户名不符")).View;
        var corrected = await _world.ChangeAsync(distributor, merchant, SampleApplication.Body(body =>
            (body["version"], body["settlement"]!["account"]) = (returned.Version, "6222600260001072444")));
        await _world.SubmitAsync(distributor, merchant, corrected.View.Version);
        _world.Registration.Decide(merchant.Value, new RegistrationOutcome.Approved(Code));

        await _world.SendToAsync(merchant, "bank");
        await _world.PassAsync(TimeSpan.FromMinutes(1));
        await _world.SweepAsync();

        var view = (await _world.LookAsync(World.Operator, merchant)).View;
        view.State.ShouldBe("withBank");
        view.BankTrouble.ShouldNotBeNull().ShouldContain(Code);
        _world.Registration.Forms.Where(form => form.Sending == 1).ShouldHaveSingleItem();
        (await _world.ApproveAsync(merchant, Code)).View.State.ShouldBe("approved");
    }

    [Fact]
    public async Task The_code_of_a_refused_application_is_free_again()
    {
        var (one, other) = await TwoAsync();
        await _world.ApproveAsync(one, Code);
        (await _world.ApproveAsync(other, Code)).Errors.ShouldContainKey("code");

        (await _world.RefuseAsync(one, "商户放弃")).View.Code.ShouldBeNull();

        (await _world.ApproveAsync(other, Code)).View.Code.ShouldBe(Code);
    }

    [Fact]
    public async Task A_wrong_code_is_taken_back_only_by_who_says_so_and_is_free_again()
    {
        var (one, other) = await TwoAsync();
        await _world.ApproveAsync(one, Code);

        (await _world.SendToAsync(one, "manual")).Code.ShouldBe("state");
        var back = (await _world.TakeBackCodeAsync(one)).View;
        (await _world.TakeBackCodeAsync(one)).Status.ShouldBe(200);

        (back.State, back.Code).ShouldBe(("withBank", null));
        (await _world.ApproveAsync(other, Code)).View.Code.ShouldBe(Code);
        (await _world.ApproveAsync(one, Code)).Errors.ShouldContainKey("code");
        (await _world.ApproveAsync(one, "7550000002")).View.Code.ShouldBe("7550000002");
    }

    [Fact]
    public async Task A_code_that_was_taken_and_not_got_is_taken_over_and_one_that_may_still_be_got_is_not()
    {
        var (one, other) = await TwoAsync();
        (await Codes.TryTakeAsync(Code, one, CancellationToken.None)).ShouldNotBeNull();

        (await _world.ApproveAsync(other, Code)).Errors.ShouldContainKey("code");
        await _world.ReturnAsync(one, "licence", "看不清");

        (await _world.ApproveAsync(other, Code)).View.Code.ShouldBe(Code);
    }

    [Fact]
    public async Task A_code_is_given_back_by_nobody_who_lost_it_meanwhile()
    {
        var (one, other) = await TwoAsync();
        var taken = (await Codes.TryTakeAsync(Code, one, CancellationToken.None)).ShouldNotBeNull();
        await _world.ReturnAsync(one, "licence", "看不清");
        await _world.ApproveAsync(other, Code);

        await Codes.GiveBackAsync(taken, CancellationToken.None);

        (await Codes.FindAsync(Code, other, CancellationToken.None)).ShouldNotBeNull();
        (await Codes.FindAsync(Code, one, CancellationToken.None)).ShouldBeNull();
    }

    private VerificationCodes Codes => _world.Get<VerificationCodes>();

    /// <summary>Two applications that wait for their codes.</summary>
    private async Task<(MerchantId One, MerchantId Other)> TwoAsync()
    {
        var distributor = await _world.DistributorAsync();
        var one = await _world.SubmittedAsync(distributor);
        var other = await _world.SubmittedAsync(distributor, "filing-2");
        foreach (var merchant in new[] { one, other })
            (await _world.SendToAsync(merchant, "manual")).Status.ShouldBe(200);
        return (one, other);
    }
}
