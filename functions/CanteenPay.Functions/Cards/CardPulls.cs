using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>Answers machines that ask for accounts, page by page: what changed since a version, or everything.</summary>
internal sealed class CardPulls(
    CardStore cards, Journals journals, DeviceRegistry devices, MachineSettingsPost settings, MachineLink machines, ILogger<CardPulls> logger)
{
    /// <summary>Changes of more versions are not cheaper to find than everything.</summary>
    private const int MostVersionsBack = 200;

    /// <summary>More accounts than fit a message.</summary>
    private const int ReadForPage = 64;

    /// <summary>
    /// The feed keeps its versions for a day longer (<see cref="FeedAdvance"/>), so that a machine that was told of changes on its first page is told so on its last.
    /// </summary>
    private static readonly TimeSpan LongestBack = TimeSpan.FromDays(7);

    /// <summary>Sends one page; the first one also opens the machine's journal, so that nobody reckons without it.</summary>
    /// <exception cref="DeviceMessageException">It cannot be.</exception>
    public async Task AnswerAsync(DeviceId id, CardsPull pull, CancellationToken cancellationToken)
    {
        if (pull.HaveVersion < 0 || pull.AtVersion < FeedRow.First || (pull.AtVersion is null) != (pull.AfterAccountId is null))
            throw new DeviceMessageException($"The pull of machine {id} cannot be: it has version {pull.HaveVersion}, at {pull.AtVersion} after {pull.AfterAccountId}.");
        if (await devices.FindAsync(id, cancellationToken) is not { IsActive: true } device)
            throw new DeviceMessageException($"Machine {id} is not enrolled, or it is blocked: it is told of no account.");
        if (device.Merchant != pull.MerchantId && !await devices.ServesAsync(id, pull.MerchantId, cancellationToken))
        {
            // Moved, and does not know it yet: whose accounts they are is not its business any more.
            CardLog.PulledElsewhere(logger, id.Value, pull.MerchantId.Value, device.Merchant.Value);
            await settings.SendAsync(id, device.Merchant, cancellationToken);
            return;
        }

        if (pull.AfterAccountId is null)
            await journals.FindAsync(id, pull.MerchantId, pull.Epoch, cancellationToken);
        // The version first: whatever is read after it is at least as new.
        var version = pull.AtVersion ?? (await cards.FeedAsync(pull.MerchantId, cancellationToken)).Current;
        var part = await DeltaAsync(pull, version, cancellationToken) ?? await SnapshotAsync(pull, version, cancellationToken);
        await machines.SendCardsAsync(id, part, cancellationToken);
    }

    /// <summary>Null when the versions are too many, too old or gone. The same for each page of a pull: it depends on the two versions only.</summary>
    private async Task<CardsPart?> DeltaAsync(CardsPull pull, long version, CancellationToken cancellationToken)
    {
        if (pull.HaveVersion < FeedRow.First || pull.HaveVersion > version || version - pull.HaveVersion > MostVersionsBack)
            return null;
        var logs = version == pull.HaveVersion
            ? []
            : await cards.LogsAsync(pull.MerchantId, pull.HaveVersion + 1, version, cancellationToken).ToListAsync(cancellationToken);
        if (logs.Count != version - pull.HaveVersion || (logs.Count > 0 && logs[^1].At - logs[0].At > LongestBack))
            return null;

        var left = logs.SelectMany(log => log.Accounts).Distinct()
            .Where(account => pull.AfterAccountId is not { } after || string.CompareOrdinal(account.Value, after.Value) > 0)
            .OrderBy(account => account.Value, StringComparer.Ordinal).ToList();
        var found = await cards.AccountsAsync(pull.MerchantId, left.Take(ReadForPage), cancellationToken);
        var rows = left.Take(ReadForPage).Where(found.ContainsKey).Select(account => found[account]);
        return Part(pull, version, delta: true, [.. rows], thereIsMore: left.Count > ReadForPage);
    }

    private async Task<CardsPart> SnapshotAsync(CardsPull pull, long version, CancellationToken cancellationToken)
    {
        var rows = await cards.AccountsAfterAsync(pull.MerchantId, pull.AfterAccountId, ReadForPage, cancellationToken).Take(ReadForPage + 1).ToListAsync(cancellationToken);
        return Part(pull, version, delta: false, rows, thereIsMore: rows.Count > ReadForPage);
    }

    private CardsPart Part(CardsPull pull, long version, bool delta, IReadOnlyList<AccountRow> rows, bool thereIsMore)
    {
        var accounts = rows.Select(row => SizedAccount.Of(row.Account)).ToLookup(account => account.Bytes <= AccountPages.MaxBytes);
        foreach (var (account, _) in accounts[false])
            CardLog.AccountTooLarge(logger, pull.MerchantId.Value, account.AccountId.Value);
        var pages = AccountPages.Cut(accounts[true], AccountPages.MaxBytes);
        return new()
        {
            MerchantId = pull.MerchantId,
            FromVersion = delta ? pull.HaveVersion : 0,
            Version = version,
            Delta = delta,
            AfterAccountId = pull.AfterAccountId,
            Accounts = pages.Count > 0 ? [.. pages[0].Select(account => account.Account)] : [],
            More = pages.Count > 1 || (pages.Count == 1 && thereIsMore),
        };
    }
}
