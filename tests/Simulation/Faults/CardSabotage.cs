using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Invariants;

namespace CanteenPay.Simulation.Faults;

/// <summary>Card money that is broken on purpose, from outside: what the cloud says is falsified on its way, or a row that it wrote is taken back.</summary>
internal sealed class CardSabotage(Stage stage)
{
    /// <summary>What the cloud publishes, falsified.</summary>
    public PublishedMessage Falsify(PublishedMessage published)
    {
        if (!DeviceMessageJson.TryRead(published.Payload, out var message, out _))
            return published;
        var falsified = (stage.Sabotage, message) switch
        {
            (Sabotage.MachineForgetsWhatIsApplied, CardsChanged changed) => changed with { Accounts = [.. changed.Accounts.Select(Forget)] },
            (Sabotage.MachineForgetsWhatIsApplied, CardsPart part) => part with { Accounts = [.. part.Accounts.Select(Forget)] },
            // Before the transaction the accounts are as the machines have them already.
            (Sabotage.FeedIsPublishedBeforeItsTransaction, CardsChanged changed) => changed with { Accounts = [] },
            (Sabotage.RebooksFromTheWrongNumber, CardEntriesAck { HeldThrough: > 0 } ack) => Shifted(published.Topic, ack),
            _ => message,
        };
        return ReferenceEquals(falsified, message) ? published : published with { Payload = BinaryData.FromBytes(DeviceMessageJson.Write(falsified)) };
    }

    /// <summary>An I/O of the cloud took effect.</summary>
    public void Did(string operation)
    {
        if (!operation.StartsWith($"{CardKeys.Cards}.Transaction ", StringComparison.Ordinal))
            return;
        if (stage.Sabotage == Sabotage.CursorIsNotMovedWithTheMoney)
            TakeCursorsBack();
        else if (stage.Sabotage == Sabotage.CountersAreForgotten)
            ForgetCounters();
    }

    private void TakeCursorsBack() => stage.Azure.Quietly(() =>
    {
        var table = stage.Azure.Tables.GetTableClient(CardKeys.Cards);
        foreach (var moved in stage.Azure.Rows(CardKeys.Cards).Where(row => row.RowKey.StartsWith(CardKeys.CursorPrefix, StringComparison.Ordinal)).Select(CursorRow.FromTableEntity))
        {
            if (moved.Through > 0)
                table.UpsertEntityAsync(CursorRow.Begin(moved.Merchant, moved.Device, moved.Epoch), TableUpdateMode.Replace).GetAwaiter().GetResult();
        }
    });

    private void ForgetCounters() => stage.Azure.Quietly(() =>
    {
        var table = stage.Azure.Tables.GetTableClient(CardKeys.Cards);
        foreach (var account in stage.Azure.Rows(CardKeys.Cards).Where(row => row.RowKey.StartsWith(CardKeys.AccountPrefix, StringComparison.Ordinal)).Select(AccountRow.FromTableEntity))
        {
            if (account.Account.Counters is not null)
                table.UpsertEntityAsync(account with { Account = account.Account with { Counters = null } }, TableUpdateMode.Replace).GetAwaiter().GetResult();
        }
    });

    private static CardAccount Forget(CardAccount account) => account with { Applied = new Dictionary<string, long>(StringComparer.Ordinal) };

    private CardEntriesAck Shifted(string topic, CardEntriesAck ack)
    {
        var wrong = ack.HeldThrough!.Value - 1;
        if (!Topics.TryGetDevice(topic, out var device))
            return ack;
        var hash = wrong == 0
            ? EntryHash.Genesis(ack.MerchantId, device, ack.Epoch)
            : CardBooks.Of(stage.Azure, ack.MerchantId).Ledger.FirstOrDefault(row => row.RowKey == CardKeys.Entry(device, ack.Epoch, wrong))?.Entry.Hash;
        return hash is null ? ack : ack with { HeldThrough = wrong, HeldHash = hash };
    }
}
