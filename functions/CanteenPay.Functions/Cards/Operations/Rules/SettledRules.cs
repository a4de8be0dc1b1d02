using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations.Rules;

/// <summary>
/// Whether a machine may still hold taps of an account that closes. A machine that said that it knows of the closing takes no more of them, so what it had then is
/// all, and once that is booked the account is settled with it.
/// </summary>
internal static class SettledRules
{
    /// <summary>What is still waited for of a machine, in words; empty when nothing is.</summary>
    /// <param name="merchant">Whose account it is.</param>
    /// <param name="knownFrom">The version of the feed from which on machines know that it closes.</param>
    /// <param name="journals">The merchant's journals of the machine, as far as they are booked.</param>
    /// <param name="said">What the machine last said of its journals; null when it never did.</param>
    public static IEnumerable<string> Waits(MerchantId merchant, long knownFrom, IReadOnlyList<CursorRow> journals, MachineJournals? said)
    {
        var device = journals[0].Device;
        // A machine taps once it holds all accounts, also when what asked for them has yet to come here.
        foreach (var unknown in said?.Journals.Where(state => state.MerchantId == merchant && state.LastSeq > 0 && journals.All(journal => journal.Epoch != state.Epoch)) ?? [])
            yield return $"Machine {device} has {unknown.LastSeq} records in a journal of which nothing has come yet, {unknown.Epoch}.";
        var open = journals.Where(journal => !journal.Ended).ToList();
        if (open.Count == 0)
            yield break;
        if (said is not { Journals: [var current, ..] })
        {
            yield return $"Machine {device} has not said what it holds.";
            yield break;
        }

        // A machine that serves another merchant now takes no taps here; only what it has from before counts.
        if (current.MerchantId == merchant && said.FeedVersion < knownFrom)
            yield return $"Machine {device} does not know of it yet: it has version {said.FeedVersion} of {knownFrom}.";
        foreach (var journal in open)
        {
            // What the cloud does not hold of a journal that is to begin anew comes in the journal after it.
            if (journal.Restart && current.Epoch != journal.Epoch)
                continue;
            if (said.Journals.FirstOrDefault(state => state.Epoch == journal.Epoch && state.MerchantId == merchant) is not { } state)
                yield return $"Machine {device} no longer names its journal {journal.Epoch}: if nothing more will come of it, an operator ends it.";
            else if (state.LastSeq > journal.Through)
                yield return $"{state.LastSeq - journal.Through} records are still on machine {device}, journal {journal.Epoch}.{(journal.Parked is null ? "" : " It is parked: " + journal.Parked)}";
        }
    }
}
