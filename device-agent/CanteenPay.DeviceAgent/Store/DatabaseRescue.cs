using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>
/// Opens the database. One that is damaged is set aside, what can be read of it is written beside it, what has no end goes on in a new database with a new epoch,
/// and the screen says so until a manager has confirmed it.
/// </summary>
/// <remarks>
/// In this order, so that a power cut at any point loses nothing: the new database is complete before the old one moves, and the old one moves before the new one
/// takes its place.
/// </remarks>
internal static class DatabaseRescue
{
    /// <summary>The fact that says it, until it is confirmed.</summary>
    public const string DamageFact = "damage";

    /// <summary>Damaged databases that are kept; the oldest goes before a sixth comes, because a full disk would stop the till.</summary>
    public const int MaxSetAside = 5;

    private static readonly string[] Parts = ["", "-wal", "-shm"];

    /// <summary>Opens the database, or sets it aside and begins a new one.</summary>
    /// <exception cref="StateFolderException">It belongs to another machine.</exception>
    /// <exception cref="IOException">The disk is full: nothing was moved.</exception>
    public static OrderStore Open(StateFolder folder, DeviceId device, long maxBytes, TimeProvider time, ILogger log)
    {
        FinishMove(folder, time);
        try
        {
            return OrderStore.Open(folder, device, maxBytes);
        }
        catch (Exception e) when (DatabaseDamage.Is(e))
        {
            var aside = FreeName(folder, time);
            var damage = BeginAnew(folder, device, aside, maxBytes);
            MoveAside(folder, aside);
            FinishMove(folder, time);
            log.DatabaseSetAside(damage.File, damage.Exported, damage.TakenOver, damage.TapsTakenOver, damage.TapsLost, e.Message);
            return OrderStore.Open(folder, device, maxBytes);
        }
    }

    /// <summary>What became of a damaged database, as long as no manager has confirmed it.</summary>
    public static Damage? Unconfirmed(OrderStore store) =>
        store.Fact(DamageFact) is { } json ? JsonSerializer.Deserialize(json, RescueJson.Default.Damage) : null;

    private static string NewDatabase(StateFolder folder) => folder.Database + ".new";

    private static Damage BeginAnew(StateFolder folder, DeviceId device, string aside, long maxBytes)
    {
        foreach (var part in Parts)
            File.Delete(NewDatabase(folder) + part);
        var rescued = DatabaseExport.Write(folder.Database, aside + ".jsonl", device);
        var mine = rescued.WithoutEnd.Where(order => order.Id.Device == device).ToList();
        var damage = new Damage(Path.GetFileName(aside), rescued.Rows, mine.Count)
        {
            TapsTakenOver = (int)rescued.Cards.Unsent,
            TapsLost = (int)rescued.Cards.Lost,
        };
        using var store = OrderStore.Open(NewDatabase(folder), folder.Path, device, maxBytes);
        foreach (var order in mine)
        {
            // A cancel that the cloud knows already does no harm; one that it never heard of must reach it.
            store.Save(order, order.Stage == OrderStage.Cancelled ? Unanswered.Cancel : Unanswered.None);
            if (order.Refund is { } refund)
                store.SaveRefund(order, refund);
        }

        var journals = new JournalTable(store.Database, device);
        store.Database.InTransaction(() =>
        {
            foreach (var journal in rescued.Cards.Journals.Where(journal => journal.CanGoOn))
                journals.TakeOver(journal);
        });
        store.SetFacts((DamageFact, JsonSerializer.Serialize(damage, RescueJson.Default.Damage)));
        return damage;
    }

    private static void MoveAside(StateFolder folder, string aside)
    {
        Prune(folder);
        foreach (var part in Parts)
        {
            if (File.Exists(folder.Database + part))
                File.Move(folder.Database + part, aside + part);
        }
    }

    /// <summary>The new database takes the place that the old one has left, now or after a power cut in between.</summary>
    private static void FinishMove(StateFolder folder, TimeProvider time)
    {
        if (File.Exists(folder.Database) || !File.Exists(NewDatabase(folder)))
            return;
        // What a cut left of the old one's log must not be taken for the new one's.
        MoveAside(folder, FreeName(folder, time));
        File.Move(NewDatabase(folder), folder.Database);
        File.Delete(folder.SuspectFile);
    }

    private static string FreeName(StateFolder folder, TimeProvider time)
    {
        for (var at = BusinessDay.Local(time.GetUtcNow()); ; at = at.AddSeconds(1))
        {
            var name = folder.Database + ".damaged-" + at.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
            if (!Path.Exists(name) && !Path.Exists(name + ".jsonl"))
                return name;
        }
    }

    /// <summary>A group is the copy with what belongs to it; they are told apart by the time in their names.</summary>
    private static void Prune(StateFolder folder)
    {
        var prefix = Path.GetFileName(folder.Database) + ".damaged-";
        var groups = Directory.GetFiles(folder.Path, prefix + "*").GroupBy(file => Path.GetFileName(file)[prefix.Length..][..14], StringComparer.Ordinal);
        foreach (var file in groups.OrderByDescending(group => group.Key, StringComparer.Ordinal).Skip(MaxSetAside).SelectMany(group => group))
            File.Delete(file);
    }
}

[JsonSerializable(typeof(Damage))]
internal sealed partial class RescueJson : JsonSerializerContext;
