using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>Forgets entries that nobody can need any more: acknowledged, older than 35 days, and inside of their account as it is stored here.</summary>
internal sealed class Forgetting(CardTables tables)
{
    /// <summary>Entries are kept so long: a month's statement can still be compared with the machine.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(35);

    /// <summary>Most entries at a time: the till waits meanwhile.</summary>
    private const int MostAtOnce = 200;

    /// <summary>Forgets some; how many.</summary>
    public int Forget(DateTimeOffset now)
    {
        var forgotten = 0;
        tables.Database.InTransaction(() =>
        {
            foreach (var journal in tables.Journals.All)
            {
                foreach (var entry in tables.Journals.AckedBefore(journal, now - Memory, MostAtOnce).Where(entry => IsInside(journal, entry)))
                {
                    tables.Journals.Forget(journal, entry.Seq);
                    forgotten++;
                }
            }
        });
        return forgotten;
    }

    /// <summary>Of a merchant whose machine this is no more, no account is reckoned with here.</summary>
    private bool IsInside(Journal journal, CardEntry entry) => journal.Merchant != tables.Identity.Merchant
        || (tables.Accounts.Get(entry.AccountId) is { } account
            && account.Applied.GetValueOrDefault(CardAccount.JournalKey(tables.Identity.Device, journal.Epoch)) >= entry.Seq);
}
