using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Cards;

/// <summary>A disk that was restored from an older image, and a journal that the cloud ends: what the cloud does not hold is booked again, and nothing else.</summary>
public sealed class Journals_that_part : IDisposable
{
    private const int Cards = 130;
    private readonly ManualTime time = new(TillRig.Noon);
    private readonly ScriptedCloud cloud;
    private readonly TestFolder folder = new();
    private readonly TestFolder image = new();

    public Journals_that_part()
    {
        cloud = new(new()) { PageSize = 100 };
        cloud.Open(Enumerable.Range(1, Cards).Select(number => Samples.Account(number)));
    }

    public void Dispose()
    {
        folder.Dispose();
        image.Dispose();
    }

    private async Task<AgentRig> StartAsync()
    {
        var agent = await AgentRig.StartAsync(cloud.Attach(new()), time, folder.Path);
        await Synced(agent);
        return agent;
    }

    private Task Synced(AgentRig agent) => time.PassUntil(() => agent.Part<CardStore>().Standing().Stop is null, TimeSpan.FromMilliseconds(200), "the snapshot");

    private Task AllBooked(AgentRig agent) => time.PassUntil(
        () => agent.Part<CardStore>().Standing() is { Unsent: 0, Stop: null }, TimeSpan.FromMilliseconds(200), "the acknowledgement");

    private static List<TapId> TapCards(AgentRig agent, int from, int count) =>
        [.. Enumerable.Range(from, count).Select(number => agent.Part<CardStore>().TapCard(number).ShouldNotBeNull().Id)];

    private static void Copy(string from, string to)
    {
        foreach (var old in Directory.GetFiles(to, "agent.db*"))
            File.Delete(old);
        foreach (var file in Directory.GetFiles(from, "agent.db*"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private void AllOnce(params IEnumerable<TapId> taps)
    {
        cloud.Booked.Select(entry => entry.TapId).ShouldBe(taps, ignoreOrder: true);
        cloud.Accounts.Values.Sum(account => account.Balance.Value).ShouldBe(Cards * 100_00L - taps.Count() * 1250);
    }

    /// <summary>Taps that are in the image and at the cloud, taps that only the cloud has, and then taps after the restore.</summary>
    [Theory]
    [InlineData(5, 0, 5, 3)]
    [InlineData(5, 4, 3, 3)]
    [InlineData(5, 4, 3, 0)]
    [InlineData(0, 3, 3, 2)]
    [InlineData(0, 0, 3, 2)]
    [InlineData(0, 100, 3, 2)]
    [InlineData(0, 100, 3, 0)]
    public async Task After_a_restore_every_tap_is_booked_once(int ackedInImage, int unackedInImage, int afterImage, int afterRestore)
    {
        List<TapId> taps = [];
        await using (var agent = await StartAsync())
        {
            taps.AddRange(TapCards(agent, 1, ackedInImage));
            await AllBooked(agent);
            cloud.Loses = message => message is CardEntriesAck;
            taps.AddRange(TapCards(agent, 1 + ackedInImage, unackedInImage));
        }

        Copy(folder.Path, image.Path);
        cloud.Loses = _ => false;
        await using (var agent = await StartAsync())
        {
            taps.AddRange(TapCards(agent, 1 + ackedInImage + unackedInImage, afterImage));
            await AllBooked(agent);
        }

        Copy(image.Path, folder.Path);
        cloud.Copies = 2;
        // Once it has heard the cloud it takes no card before it has begun anew.
        cloud.Loses = message => afterRestore > 0 && message is StatusAck or CardEntriesAck;
        await using (var agent = await StartAsync())
        {
            taps.AddRange(TapCards(agent, 110, afterRestore));
            cloud.Loses = _ => false;
            var tables = agent.Part<CardTables>();
            await time.PassUntil(() => tables.Journals.All.Count > 1, TimeSpan.FromMilliseconds(200), "a new journal");
            await AllBooked(agent);
            taps.AddRange(TapCards(agent, 115, 2));
            await AllBooked(agent);

            AllOnce(taps);
            var old = tables.Journals.All[^1];
            CardReport.Of(tables).Journals[^1].ShouldBe(new(old.Epoch, TillRig.Merchant, cloud.Ledger[old.Epoch].Count, cloud.Ledger[old.Epoch].Count));
            foreach (var account in cloud.Accounts.Values)
                agent.Part<CardStore>().View(account.AccountId)!.Balance.ShouldBe(account.Balance, $"{account.AccountId}");
        }
    }

    /// <summary>The image holds taps that the cloud does not have; they are booked again after each restore.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task However_often_one_image_is_restored_every_tap_is_booked_once(int afterEachRestore)
    {
        List<TapId> taps = [];
        await using (var agent = await StartAsync())
        {
            taps.AddRange(TapCards(agent, 1, 3));
            await AllBooked(agent);
        }

        Copy(folder.Path, image.Path);
        await using (var agent = await StartAsync())
        {
            taps.AddRange(TapCards(agent, 4, 2));
            await AllBooked(agent);
        }

        // This one is restored again and again: it parts from the cloud's journal at 3, and has three more taps that nobody else has.
        Copy(image.Path, folder.Path);
        cloud.Loses = message => message is StatusAck or CardEntriesAck;
        await using (var agent = await StartAsync())
        {
            taps.AddRange(TapCards(agent, 10, 3));
        }

        Copy(folder.Path, image.Path);
        for (var restore = 0; restore < 3; restore++)
        {
            Copy(image.Path, folder.Path);
            cloud.Loses = message => message is StatusAck or CardEntriesAck;
            await using var agent = await StartAsync();
            taps.AddRange(TapCards(agent, 20 + 10 * restore, afterEachRestore));
            cloud.Loses = _ => false;
            await time.PassUntil(() => agent.Part<CardTables>().Journals.All.Count > 1, TimeSpan.FromMilliseconds(200), "a new journal");
            await AllBooked(agent);
            AllOnce(taps);
            foreach (var account in cloud.Accounts.Values)
                agent.Part<CardStore>().View(account.AccountId)!.Balance.ShouldBe(account.Balance, $"{account.AccountId}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_journal_that_the_cloud_ends_is_continued_in_a_new_one(bool namesQuestion)
    {
        cloud.NamesQuestion = namesQuestion;
        await using var agent = await StartAsync();
        var taps = TapCards(agent, 1, 4);
        await AllBooked(agent);
        cloud.Restarts.Add(cloud.Ledger.Keys.Single());
        cloud.Loses = _ => true;
        taps.AddRange(TapCards(agent, 5, 100));
        cloud.Loses = _ => false;

        await time.PassUntil(() => cloud.Ledger.Count >= 2, TimeSpan.FromMilliseconds(200), "a new journal");
        await AllBooked(agent);

        AllOnce(taps);
        agent.Part<CardStore>().Newest(200).Select(tap => tap.Id).ShouldBe(Enumerable.Reverse(taps));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task What_a_cloud_has_lost_that_was_put_back_and_ends_the_journal_is_booked_again_although_it_was_acknowledged(int kept)
    {
        await using var agent = await StartAsync();
        var taps = TapCards(agent, 1, 6);
        await AllBooked(agent);
        var journal = cloud.Ledger.Keys.Single();
        cloud.PutBack(journal, kept);
        taps.AddRange(TapCards(agent, 7, 2));
        for (var second = 0; second < 360; second++)
        {
            time.Pass(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        cloud.Booked.Count().ShouldBe(kept, "its cursor alone proves nothing: such an answer may have been overtaken");

        cloud.Restarts.Add(journal);
        await time.PassUntil(() => cloud.Ledger.Count >= 2, TimeSpan.FromSeconds(1), "a new journal");
        await AllBooked(agent);

        AllOnce(taps);
    }
}
