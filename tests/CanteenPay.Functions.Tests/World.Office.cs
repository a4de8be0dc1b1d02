using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Reports;
using CanteenPay.Functions.Cards.Reports.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests;

/// <summary>The office.</summary>
internal sealed partial class World
{
    private int _holders;

    /// <summary>The office asks for something; asks again when the function app dies meanwhile, as callers do.</summary>
    public async Task<OperationProgress> OfficeAsync(string key, CardOperation operation, AccountId? account = null)
    {
        for (var attempt = 0; attempt < MaxDeliveries; attempt++)
        {
            if (await TryOfficeAsync(key, operation, account) is { } progress)
                return progress;
        }

        throw new InvalidOperationException("The operation was never answered.");
    }

    /// <summary>The office asks once; null when the function app died meanwhile.</summary>
    public async Task<OperationProgress?> TryOfficeAsync(string key, CardOperation operation, AccountId? account = null)
    {
        HandlerIsDead = false;
        try
        {
            var asked = OperationRow.Asked(Merchant, key, account, operation, Clock.GetUtcNow());
            var row = account is { } id ? (await Cards.AccountAsync(Merchant, id, CancellationToken.None)).ShouldNotBeNull() : OperationSteps.NewAccount(asked);
            return (await Get<OperationLife>().RequestAsync(asked, row, CancellationToken.None)).ShouldNotBeNull("the key names another operation");
        }
        catch (Exception failure) when (failure is not Shouldly.ShouldAssertException)
        {
            Failures.Add(failure);
            return null;
        }
    }

    /// <summary>The office set rules, opened an account, and took cash for it.</summary>
    public async Task<CardAccount> HolderAsync(long cashFen = 100_00, string cardNo = "0A0B0C0D")
    {
        await RulesAsync();
        var key = $"holder-{++_holders}";
        var account = (await OfficeAsync($"{key}-open", new OpenAccount(CardNo.Parse(cardNo), "staff", "王芳"))).Row.Account;
        if (cashFen > 0)
            (await OfficeAsync($"{key}-cash", new TopUp(new Fen(cashFen)), account)).Refused.ShouldBeNull();
        return await AccountAsync(account);
    }

    /// <summary>The merchant takes cards.</summary>
    public async Task RulesAsync()
    {
        if (await Cards.FindAsync<CanteenPay.Functions.Cards.RulesRow>(Merchant, "rules", CancellationToken.None) is not null)
            return;
        var rules = new CardRules
        {
            Meals = [new(Meal.Lunch, new(11, 0), new(13, 30))],
            CardTypes = [new("staff", new("职工", "Staff"))],
        };
        var row = new CanteenPay.Functions.Cards.RulesRow(new MachineSettings { Version = 1, MerchantId = Merchant, Cards = rules });
        (await Cards.TryWriteAsync(new CanteenPay.Functions.Cards.CardTransaction().Insert(row), CancellationToken.None)).ShouldNotBeNull();
    }

    /// <summary>The night's check, once every change was published.</summary>
    public async Task<LoopResult> ClosedLoopAsync()
    {
        await PassAsync(TimeSpan.FromSeconds(20));
        return await Get<ClosedLoop>().CheckAsync(Merchant, CancellationToken.None);
    }

    /// <summary>A machine says how far its journals go and what it knows.</summary>
    public Task MachineKnowsAsync(long feedVersion, params Cards.Journal[] journals) => DeviceStatusAsync(
        new DeviceStatus
        {
            Version = "1",
            Unsent = 0,
            OpenOrders = 0,
            Clock = Clock.GetUtcNow(),
            DiskFreeBytes = 1,
            FeedVersion = feedVersion,
            Journals = [.. journals.Select(journal => new JournalState(journal.Epoch, journal.Merchant, journal.LastSeq, 0))],
        },
        journals[0].Device);
}
