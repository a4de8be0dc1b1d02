using CanteenPay.Channels.Registration;
using CanteenPay.Functions.Merchants;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>From submission to a merchant that collects: by the bank's interface and by hand.</summary>
public sealed class ReviewTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task An_application_is_returned_once_corrected_approved_and_collects_with_each_step_noted()
    {
        var distributor = await _world.DistributorAsync();
        var merchant = await _world.SubmittedAsync(distributor);
        (await _world.SendToAsync(merchant, "bank")).View.State.ShouldBe("withBank");
        _world.Registration.Decide(merchant.Value, new RegistrationOutcome.Returned(new Dictionary<string, string> { ["settlement.account"] = "卡号与户名不符" }));
        await PassAsync();
        var returned = (await _world.LookAsync(distributor, merchant)).View;
        returned.State.ShouldBe("returned");
        returned.Reasons["settlement.account"].ShouldBe("卡号与户名不符");

        var corrected = await _world.ChangeAsync(distributor, merchant, SampleApplication.Body(body =>
            (body["version"], body["settlement"]!["account"]) = (returned.Version, "6222600260001072444")));
        await _world.SubmitAsync(distributor, merchant, corrected.View.Version);
        await _world.SendToAsync(merchant, "bank");
        _world.Registration.Decide(merchant.Value, new RegistrationOutcome.Approved(FakeBank.MerchantId));
        await PassAsync();
        var approved = (await _world.LookAsync(distributor, merchant)).View;
        (approved.State, approved.Code).ShouldBe(("approved", FakeBank.MerchantId));
        var active = (await _world.ActivateAsync(merchant)).View;

        _world.Registration.Forms.Select(form => (form.Sending, form.Account)).ShouldBe([(1, SampleApplication.Account), (2, "6222600260001072444")]);
        active.Steps.Select(step => (step.By, step.To)).ShouldBe(
        [
            ("陈经销", "draft"), ("陈经销", "submitted"), ("周运营", "withBank"), ("银行", "returned"), ("陈经销", "submitted"), ("周运营", "withBank"),
            ("银行", "approved"), ("周运营", "active"),
        ]);
        active.Steps.ShouldAllBe(step => step.At >= World.Noon);
        (await _world.Get<MerchantRegistry>().FindAsync(merchant, CancellationToken.None)).ShouldNotBeNull().ShouldSatisfyAllConditions(
            profile => profile.Name.ShouldBe("示范食堂"),
            profile => profile.ChannelMerchantId.ShouldBe(FakeBank.MerchantId),
            profile => profile.MayCollect(new(2026, 11, 22)).ShouldBeTrue(),
            profile => profile.RateOn(new(2026, 11, 22)).ShouldBe(60));
    }

    [Fact]
    public async Task The_sweep_asks_the_bank_each_minute_and_people_who_look_ask_at_most_each_second()
    {
        var merchant = await _world.SubmittedAsync(await _world.DistributorAsync());
        await _world.SendToAsync(merchant, "bank");
        var asked = _world.Registration.Questions;

        await _world.LookAsync(World.Operator, merchant);
        await _world.SweepAsync();
        _world.Registration.Questions.ShouldBe(asked);
        await _world.PassAsync(TimeSpan.FromSeconds(1));
        await _world.LookAsync(World.Operator, merchant);
        _world.Registration.Questions.ShouldBe(asked + 1);
        await _world.PassAsync(TimeSpan.FromMinutes(1));
        await _world.SweepAsync();
        _world.Registration.Questions.ShouldBe(asked + 2);
    }

    [Fact]
    public async Task A_bank_that_is_away_is_tried_again_and_operators_read_why_distributors_do_not()
    {
        var distributor = await _world.DistributorAsync();
        var merchant = await _world.SubmittedAsync(distributor);
        _world.Registration.IsAway = true;

        (await _world.SendToAsync(merchant, "bank")).View.BankTrouble.ShouldNotBeNull().ShouldContain("nobody is there");
        (await _world.LookAsync(distributor, merchant)).View.BankTrouble.ShouldBeNull();
        _world.Registration.IsAway = false;
        _world.Registration.Decide(merchant.Value, new RegistrationOutcome.Returned(new Dictionary<string, string> { ["licence"] = "of an earlier sending" }));
        await PassAsync();

        _world.Registration.Forms.ShouldHaveSingleItem();
        (await _world.LookAsync(World.Operator, merchant)).View.BankTrouble.ShouldBeNull();
    }

    [Fact]
    public async Task What_the_bank_lost_is_sent_again()
    {
        var merchant = await _world.SubmittedAsync(await _world.DistributorAsync());
        _world.Registration.LosesOne = true;
        await _world.SendToAsync(merchant, "bank");

        await PassAsync();

        _world.Registration.Forms.Select(form => form.Sending).ShouldBe([1, 1]);
    }

    [Fact]
    public async Task An_application_that_the_interface_cannot_take_goes_on_by_hand()
    {
        var merchant = await _world.SubmittedAsync(await _world.DistributorAsync());
        _world.Registration.IsAway = true;
        await _world.SendToAsync(merchant, "bank");

        (await _world.SendToAsync(merchant, "manual")).View.SentTo.ShouldBe("manual");
        (await _world.ApproveAsync(merchant, "7550000001")).View.State.ShouldBe("approved");
        await PassAsync();

        _world.Registration.Questions.ShouldBe(1);
    }

    [Fact]
    public async Task A_verification_code_is_keyed_twice_and_belongs_to_one_merchant()
    {
        var distributor = await _world.DistributorAsync();
        var one = await _world.SubmittedAsync(distributor);
        var other = await _world.SubmittedAsync(distributor, "filing-2");
        foreach (var merchant in new[] { one, other })
            await _world.SendToAsync(merchant, "manual");

        (await _world.ApproveAsync(one, "7550000001", "7550000010")).Errors.ShouldContainKey("codeAgain");
        (await _world.ApproveAsync(one, "a b")).Errors.ShouldContainKey("code");
        (await _world.ApproveAsync(one, "7550000001")).View.Code.ShouldBe("7550000001");
        (await _world.ApproveAsync(one, "7550000001")).Status.ShouldBe(200);
        (await _world.ApproveAsync(one, "7550000002")).Code.ShouldBe("state");
        (await _world.ApproveAsync(other, "7550000001")).Errors.ShouldContainKey("code");
        (await _world.LookAsync(World.Operator, other)).View.State.ShouldBe("withBank");
    }

    [Fact]
    public async Task A_code_of_the_bank_that_another_merchant_has_waits_for_a_person()
    {
        var distributor = await _world.DistributorAsync();
        await _world.ActiveMerchantAsync(distributor);
        var merchant = await _world.SubmittedAsync(distributor, "filing-2");
        await _world.SendToAsync(merchant, "bank");
        _world.Registration.Decide(merchant.Value, new RegistrationOutcome.Approved(FakeBank.MerchantId));

        await PassAsync();

        var view = (await _world.LookAsync(World.Operator, merchant)).View;
        view.State.ShouldBe("withBank");
        view.BankTrouble.ShouldNotBeNull().ShouldContain("验证码");
    }

    [Fact]
    public async Task Steps_that_do_not_follow_are_refused_and_done_ones_may_be_asked_for_again()
    {
        var distributor = await _world.DistributorAsync();
        var draft = (await _world.FileAsync(distributor, SampleApplication.Body())).View.MerchantId;
        (await _world.SendToAsync(draft, "manual")).Code.ShouldBe("state");
        (await _world.ApproveAsync(draft, "7550000001")).Code.ShouldBe("state");
        (await _world.ActivateAsync(draft)).Code.ShouldBe("state");
        (await _world.ReturnAsync(draft, "licence", "看不清")).Code.ShouldBe("state");

        var merchant = await _world.SubmittedAsync(distributor, "filing-2");
        (await _world.ReturnAsync(merchant, "licence", "看不清")).View.Reasons["licence"].ShouldBe("看不清");
        (await _world.ReturnAsync(merchant, "licence", "看不清")).Status.ShouldBe(200);
        (await _world.RefuseAsync(merchant, "不予受理")).View.State.ShouldBe("refused");
        (await _world.RefuseAsync(merchant, "不予受理")).Status.ShouldBe(200);
        (await _world.SubmitAsync(distributor, merchant, 4)).Code.ShouldBe("state");
        (await _world.LookAsync(distributor, draft)).View.State.ShouldBe("draft");
    }

    [Fact]
    public async Task A_licence_that_collects_elsewhere_is_pointed_out_to_operators()
    {
        var distributor = await _world.DistributorAsync();
        var active = await _world.ActiveMerchantAsync(distributor);

        var second = await _world.SubmittedAsync(distributor, "filing-2");

        (await _world.LookAsync(World.Operator, second)).View.SameLicence.ShouldBe([active]);
        (await _world.LookAsync(distributor, second)).View.SameLicence.ShouldBeNull();
        await _world.MoveMerchantAsync(active, MerchantState.Closed);
        (await _world.LookAsync(World.Operator, second)).View.SameLicence.ShouldBe([]);
    }

    [Fact]
    public void States_follow_each_other_as_the_diagram_says() => Enum.GetValues<MerchantState>()
        .SelectMany(_ => Enum.GetValues<MerchantState>(), (from, to) => (from, to)).Where(step => MerchantStates.MayGo(step.from, step.to))
        .Select(step => $"{step.from.Name()} {step.to.Name()}").ShouldBe(
        [
            "draft submitted", "draft refused", "submitted withBank", "submitted returned", "submitted refused", "withBank returned", "withBank refused",
            "withBank approved", "returned submitted", "returned refused", "approved refused", "approved active", "active suspended", "active closed",
            "suspended active", "suspended closed",
        ]);

    private async Task PassAsync()
    {
        await _world.PassAsync(TimeSpan.FromMinutes(1));
        await _world.SweepAsync();
    }
}
