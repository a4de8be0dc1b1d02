using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Operations;

/// <summary>Lost, found and replaced cards, and the taps that are on their way meanwhile.</summary>
public sealed class CardLifeTests : IDisposable
{
    private static readonly CardNo NewCard = CardNo.Parse("0A0B0C0E");

    private readonly World _world = new();
    private readonly Journal _journal = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Taps_that_are_on_the_way_when_a_card_is_replaced_are_in_order_and_those_made_after_it_are_flagged()
    {
        var account = await _world.HolderAsync();
        _journal.Tap(account, 10_00);
        await _world.PassAsync(TimeSpan.FromMinutes(5));
        await _world.OfficeAsync("replace-0001", new ReplaceCard(account.Cards[0].No, NewCard), account.AccountId);
        await _world.PassAsync(TimeSpan.FromMinutes(5));
        _journal.Tap(account, 1_00, tap => tap with { At = _world.Clock.GetUtcNow() });
        _journal.Tap(account, 2_00, tap => tap with { At = _world.Clock.GetUtcNow(), CardNo = NewCard });

        await _world.CardsSayAsync(_journal.Batch(sentAt: _world.Clock.GetUtcNow()));

        (await _world.LedgerAsync()).Where(line => line.Entry.Tapped is not null).Select(line => line.Entry.Flags)
            .ShouldBe([EntryFlags.None, EntryFlags.AfterLoss, EntryFlags.None]);
        var after = await _world.AccountAsync(account.AccountId);
        after.Balance.ShouldBe(new Fen(87_00), "what a machine approved is booked whatever became of the card");
        after.Cards.Select(card => card.State).ShouldBe([CardState.Cancelled, CardState.Active]);
        (await _world.ClosedLoopAsync()).IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_found_card_pays_again_and_without_a_flag()
    {
        var account = await _world.HolderAsync();
        await _world.OfficeAsync("lost-0001", new ReportLost(account.Cards[0].No), account.AccountId);
        await _world.PassAsync(TimeSpan.FromMinutes(5));
        await _world.OfficeAsync("found-0001", new ReportFound(account.Cards[0].No), account.AccountId);
        await _world.PassAsync(TimeSpan.FromMinutes(5));
        _journal.Tap(account, 1_00, tap => tap with { At = _world.Clock.GetUtcNow() });

        await _world.CardsSayAsync(_journal.Batch(sentAt: _world.Clock.GetUtcNow()));

        (await _world.LedgerAsync()).Single(line => line.Entry.Tapped is not null).Entry.Flags.ShouldBe(EntryFlags.None);
        _world.Changes()[^1].Accounts[^1].Cards[0].State.ShouldBe(CardState.Active);
    }

    [Fact]
    public async Task A_lost_card_leaves_its_account_active()
    {
        var account = await _world.HolderAsync();

        await _world.OfficeAsync("lost-0001", new ReportLost(account.Cards[0].No), account.AccountId);

        var after = await _world.AccountAsync(account.AccountId);
        (after.State, after.Cards[0].State, after.Cards[0].Since).ShouldBe((AccountState.Active, CardState.Lost, World.Noon));
        (await _world.OfficeAsync("topup-0002", new TopUp(new Fen(1)), account.AccountId)).Refused.ShouldBeNull();
    }

    [Fact]
    public async Task A_replaced_card_is_never_found_nor_issued_again()
    {
        var account = await _world.HolderAsync();
        await _world.OfficeAsync("replace-0001", new ReplaceCard(account.Cards[0].No, NewCard), account.AccountId);

        (await _world.OfficeAsync("found-0001", new ReportFound(account.Cards[0].No), account.AccountId)).Refused!.Code.ShouldBe(OperationRefusal.CardState);
        (await _world.OfficeAsync("open-again", new OpenAccount(account.Cards[0].No, "staff"))).Refused!.Code.ShouldBe(OperationRefusal.CardTaken);
        (await _world.OfficeAsync("replace-0002", new ReplaceCard(NewCard, account.Cards[0].No), account.AccountId)).Refused!.Code.ShouldBe(OperationRefusal.CardTaken);
    }

    [Fact]
    public async Task An_account_of_an_unknown_type_is_not_opened()
    {
        (await _world.OfficeAsync("open-0001", new OpenAccount(NewCard, "staff"))).Refused!.Message.ShouldContain("no card rules yet");
        await _world.RulesAsync();
        (await _world.OfficeAsync("open-0002", new OpenAccount(NewCard, "guest"))).Refused!.Code.ShouldBe(OperationRefusal.CardTypeUnknown);
    }
}
