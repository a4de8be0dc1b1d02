using CanteenPay.Functions.Merchants.Applications;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>What a distributor files, and how it is checked and kept.</summary>
public sealed class ApplicationTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_draft_is_shown_masked_and_kept_sealed()
    {
        var distributor = await _world.DistributorAsync();

        var filed = await _world.FileAsync(distributor, SampleApplication.Body());

        filed.Status.ShouldBe(201);
        filed.View.ShouldSatisfyAllConditions(
            view => view.State.ShouldBe("draft"),
            view => view.ResidentId.ShouldBe("1101**********002X"),
            view => view.Settlement!.Account.ShouldBe("6228 **** **** 0018"),
            view => view.Contact!.Phone.ShouldBe("138****5678"),
            view => view.RateBasisPoints.ShouldBe(60),
            view => view.BankCostBasisPoints.ShouldBe(20),
            view => view.Shares.ShouldBe([new ShareForm(distributor.Scope.Distributors.Single().Value, 10)]),
            view => view.Steps.ShouldHaveSingleItem().By.ShouldBe("陈经销"));
        var rows = await _world.MerchantRowsAsync();
        rows.ShouldContain("示范食堂");
        rows.ShouldNotContain(SampleApplication.ResidentId);
        rows.ShouldNotContain(SampleApplication.Account);
        rows.ShouldNotContain(SampleApplication.Phone);
        _world.Log.ShouldNotContain(line => line.Contains(SampleApplication.ResidentId) || line.Contains(SampleApplication.Account));
    }

    [Fact]
    public async Task The_same_key_files_once_and_another_application_under_it_is_refused()
    {
        var distributor = await _world.DistributorAsync();
        var first = (await _world.FileAsync(distributor, SampleApplication.Body())).View;

        var again = await _world.FileAsync(distributor, SampleApplication.Body());
        var other = await _world.FileAsync(distributor, SampleApplication.Body(body => body["residentId"] = "360426199101010071"));

        again.View.MerchantId.ShouldBe(first.MerchantId);
        (other.Status, other.Code).ShouldBe((409, "key-reused"));
    }

    [Fact]
    public async Task A_distributor_files_for_itself_only_and_an_operator_for_any_that_there_is()
    {
        var one = await _world.DistributorAsync();
        var other = await _world.DistributorAsync("distributor-2", "华南经销");
        var named = SampleApplication.Body(body => body["distributorId"] = one.Scope.Distributors.Single().Value);

        (await _world.FileAsync(other, named)).Status.ShouldBe(404);
        (await _world.FileAsync(World.Operator, SampleApplication.Body())).Errors.ShouldContainKey("distributorId");
        (await _world.FileAsync(World.Operator, SampleApplication.Body(body => body["distributorId"] = "N0B0DY00"))).Status.ShouldBe(404);
        (await _world.FileAsync(World.Operator, named)).View.DistributorId.ShouldBe(one.Scope.Distributors.Single());
    }

    [Fact]
    public async Task A_draft_may_lack_anything_and_is_told_at_submission_what()
    {
        var distributor = await _world.DistributorAsync();
        var draft = await _world.FileAsync(distributor, "{}");
        draft.Status.ShouldBe(201);

        var submitted = await _world.SubmitAsync(distributor, draft.View.MerchantId, draft.View.Version);

        submitted.Status.ShouldBe(422);
        submitted.Errors.Keys.ShouldBe(
            [
                "merchantName", "legalName", "licence", "licenceValidUntil", "legalPerson", "residentId", "settlement.kind", "settlement.accountName",
                "settlement.account", "settlement.bankName", "contact.name", "contact.phone", "address.province", "address.city", "address.district",
                "address.detail", "machines", "documents.licence", "documents.id-front", "documents.id-back",
            ],
            ignoreOrder: true);
        (await _world.LookAsync(distributor, draft.View.MerchantId)).View.State.ShouldBe("draft");
    }

    [Fact]
    public async Task A_card_is_pictured_and_a_corporate_account_is_not()
    {
        var distributor = await _world.DistributorAsync();
        var card = (await _world.FileAsync(distributor, SampleApplication.Body())).View;
        var corporate = (await _world.FileAsync(
            distributor, SampleApplication.Body(body => (body["settlement"]!["kind"], body["settlement"]!["account"]) = ("corporate", "1402027109600123456")), "filing-2")).View;
        foreach (var merchant in new[] { card.MerchantId, corporate.MerchantId })
            _world.Papers.Put(merchant, Papers.Licence, Papers.IdFront, Papers.IdBack);

        (await _world.SubmitAsync(distributor, card.MerchantId, 1)).Errors.ShouldHaveSingleItem().Key.ShouldBe("documents.bank-card");
        (await _world.SubmitAsync(distributor, corporate.MerchantId, 1)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"licence":"91110000600037342L"}""", "licence")]
    [InlineData("""{"residentId":"110105194912310021"}""", "residentId")]
    [InlineData("""{"residentId":"1101**********002X"}""", "residentId")]
    [InlineData("""{"settlement":{"kind":"card","account":"6226901508938637"}}""", "settlement.account")]
    [InlineData("""{"settlement":{"kind":"gold"}}""", "settlement.kind")]
    [InlineData("""{"contact":{"phone":"abc"}}""", "contact.phone")]
    [InlineData("""{"contact":{"phone":"+"}}""", "contact.phone")]
    [InlineData("""{"licenceValidUntil":"2030-13-01"}""", "licenceValidUntil")]
    [InlineData("""{"merchantName":"一二三四五六七八九十一二三四五六七八九十一"}""", "merchantName")]
    [InlineData("""{"legalName":"a\nb"}""", "legalName")]
    [InlineData("""{"machines":-1}""", "machines")]
    [InlineData("""{"rateBasisPoints":1001}""", "rateBasisPoints")]
    [InlineData("""{"rateBasisPoints":29}""", "shares")]
    [InlineData("""{"shares":[null]}""", "shares")]
    [InlineData("""{"shares":[{"distributorId":"N0B0DY00","basisPoints":5}]}""", "shares")]
    [InlineData("""{"shares":[{"distributorId":"N0B0DY00","basisPoints":0}]}""", "shares")]
    [InlineData("""{"bankCostBasisPoints":51}""", "shares")]
    [InlineData("""{"acceptWarnings":["everything"]}""", "acceptWarnings")]
    public async Task What_cannot_be_is_refused_by_field(string body, string field)
    {
        var distributor = await _world.DistributorAsync();

        var filed = await _world.FileAsync(distributor, body);

        filed.Status.ShouldBe(422);
        filed.Errors.Keys.ShouldBe([field]);
        (await _world.MerchantRowsAsync()).ShouldNotContain("application");
    }

    [Fact]
    public async Task A_doubtful_licence_is_warned_of_and_goes_on_when_somebody_says_that_they_compared_it()
    {
        var distributor = await _world.DistributorAsync();
        var doubtful = SampleApplication.Body(body => body["licence"] = "91350100M0001TGQXM");
        var draft = (await _world.FileAsync(distributor, doubtful)).View;
        draft.Warnings.Keys.ShouldBe(["licence"]);
        _world.Papers.Put(draft.MerchantId, FakePapers.All);

        (await _world.SubmitAsync(distributor, draft.MerchantId, 1)).Errors.ShouldHaveSingleItem().Key.ShouldBe("licence");
        var accepted = await _world.ChangeAsync(
            distributor, draft.MerchantId,
            SampleApplication.Body(body => (body["licence"], body["acceptWarnings"], body["version"]) = ("91350100M0001TGQXM", new System.Text.Json.Nodes.JsonArray("licence"), 1)));

        (await _world.SubmitAsync(distributor, draft.MerchantId, accepted.View.Version)).View.State.ShouldBe("submitted");
    }

    [Fact]
    public async Task A_mask_that_is_sent_back_keeps_the_number_and_another_one_replaces_it()
    {
        var distributor = await _world.DistributorAsync();
        var draft = (await _world.FileAsync(distributor, SampleApplication.Body())).View;

        var changed = await _world.ChangeAsync(distributor, draft.MerchantId, SampleApplication.Body(body =>
        {
            (body["residentId"], body["version"]) = (draft.ResidentId, draft.Version);
            body["settlement"]!["account"] = draft.Settlement!.Account;
            body["contact"]!["phone"] = "13900001111";
        }));

        changed.View.Contact!.Phone.ShouldBe("139****1111");
        _world.Papers.Put(draft.MerchantId, FakePapers.All);
        await _world.SubmitAsync(distributor, draft.MerchantId, changed.View.Version);
        await _world.SendToAsync(draft.MerchantId, "bank");
        _world.Registration.Of(draft.MerchantId.Value).ShouldSatisfyAllConditions(
            form => form.ResidentId.ShouldBe(SampleApplication.ResidentId),
            form => form.Account.ShouldBe(SampleApplication.Account),
            form => form.ContactPhone.ShouldBe("13900001111"),
            form => form.ToString().ShouldNotContain(SampleApplication.ResidentId));
    }

    [Fact]
    public async Task An_account_of_another_kind_is_sent_anew()
    {
        var distributor = await _world.DistributorAsync();
        var draft = (await _world.FileAsync(distributor, SampleApplication.Body())).View;

        var changed = await _world.ChangeAsync(distributor, draft.MerchantId, SampleApplication.Body(body =>
        {
            body["version"] = draft.Version;
            (body["settlement"]!["kind"], body["settlement"]!["account"]) = ("corporate", draft.Settlement!.Account);
        }));

        changed.Errors.ShouldHaveSingleItem().Key.ShouldBe("settlement.account");
    }

    [Fact]
    public async Task A_change_of_what_was_changed_meanwhile_or_is_not_editable_is_refused()
    {
        var distributor = await _world.DistributorAsync();
        var draft = (await _world.FileAsync(distributor, SampleApplication.Body())).View;
        var body = SampleApplication.Body(change => change["version"] = 1);
        (await _world.ChangeAsync(distributor, draft.MerchantId, body)).View.Version.ShouldBe(2);

        var stale = await _world.ChangeAsync(distributor, draft.MerchantId, body);
        (stale.Status, stale.Code).ShouldBe((409, "version"));
        (await _world.SubmitAsync(distributor, draft.MerchantId, 1)).Status.ShouldNotBe(200);
        _world.Papers.Put(draft.MerchantId, FakePapers.All);
        (await _world.SubmitAsync(distributor, draft.MerchantId, 2)).View.State.ShouldBe("submitted");
        (await _world.SubmitAsync(distributor, draft.MerchantId, 2)).Status.ShouldBe(200);
        var late = await _world.ChangeAsync(distributor, draft.MerchantId, SampleApplication.Body(change => change["version"] = 3));
        (late.Status, late.Code).ShouldBe((409, "state"));
        (await _world.Applications.CanEditAsync(draft.MerchantId, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_licence_that_has_ended_is_not_submitted()
    {
        var distributor = await _world.DistributorAsync();
        var draft = (await _world.FileAsync(distributor, SampleApplication.Body(body => body["licenceValidUntil"] = "2026-11-21"))).View;
        _world.Papers.Put(draft.MerchantId, FakePapers.All);

        (await _world.SubmitAsync(distributor, draft.MerchantId, 1)).Errors.ShouldHaveSingleItem().Key.ShouldBe("licenceValidUntil");
    }
}
