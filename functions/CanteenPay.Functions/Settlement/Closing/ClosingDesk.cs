using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Closing;

/// <summary>Where finance closes a date.</summary>
internal sealed class ClosingDesk(
    TableServiceClient tables, DayIndex index, ClosedDays closed, ClosingRun run, PaymentSettings settings, TimeProvider clock, ILogger<ClosingDesk> logger)
{
    private const int MaxConflicts = 10, MostNamed = 5;

    private readonly TableClient _settlements = tables.GetTableClient(ClosedDays.Table);

    /// <summary>Who closed a date; null for one that nobody did.</summary>
    /// <param name="day">The date.</param>
    /// <param name="through">How far dates are closed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ClosedDayRow?> FindAsync(DateOnly day, ClosedThrough through, CancellationToken cancellationToken) =>
        through.ClosedBy is { } last && last.Day == day ? last
        : through.Holds(day) ? await _settlements.GetEntityIfExistsAsync<ClosedDayRow>(BusinessDay.Key(day), ClosedDayRow.Row, cancellationToken)
        : null;

    /// <summary>Closes a date for ever.</summary>
    public async Task<ClosingAnswer> CloseAsync(DateOnly day, Person by, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            // Before everything that is looked at: whoever closes another day meanwhile makes the last write fail.
            var read = await closed.ReadAsync(cancellationToken);
            if (read.Through != read.FinalThrough)
            {
                // What somebody left who was killed may be all that is in the way.
                await run.GoOnAsync(cancellationToken);
                read = await closed.ReadAsync(cancellationToken);
            }

            if (read.Holds(day))
            {
                await run.GoOnAsync(cancellationToken);
                return ClosingAnswer.Again;
            }

            if (await RefusalAsync(day, read, cancellationToken) is { } refusal)
                return refusal;
            // First all before it, although nobody had business there: what is found late for one of those days is from then on either in it, with what it carries to this one, or an
            // adjustment of this one. Closed together with this one, it would carry to a day whose last statement is made.
            var isLast = read.Through >= day.AddDays(-1);
            if (await closed.TryCloseAsync(read, isLast ? day : day.AddDays(-1), by, cancellationToken) is null)
                continue;
            if (!isLast)
            {
                await run.GoOnAsync(cancellationToken);
                continue;
            }

            SettlementLog.Closing(logger, day, by.Id);
            await run.GoOnAsync(cancellationToken);
            return ClosingAnswer.Begun;
        }

        throw new InvalidOperationException($"Others closed days {MaxConflicts} times in a row while {day:yyyy-MM-dd} was to be closed.");
    }

    private async Task<ClosingAnswer?> RefusalAsync(DateOnly day, ClosedThrough read, CancellationToken cancellationToken)
    {
        var complete = DayHours.CompleteFrom(day, settings.SettlementCutOff);
        if (clock.GetUtcNow() < complete)
            return new("not-over", string.Create(CultureInfo.InvariantCulture, $"{complete:yyyy-MM-dd HH:mm} 之前不能关账 / It cannot be closed before {complete:yyyy-MM-dd HH:mm}."));
        if (read.Through is { } last && read.FinalThrough != last)
            return new("closing", string.Create(CultureInfo.InvariantCulture, $"{last:yyyy-MM-dd} 正在关账，请稍后再试 / {last:yyyy-MM-dd} is still being closed; ask again in a while."));
        if (await index.ListDaysAsync(read.Through, cancellationToken).FirstOrDefaultAsync(cancellationToken) is not { } first || first.Day > day)
            return NoBusiness(day);
        if (first.Day < day)
            return new("earlier-open", string.Create(CultureInfo.InvariantCulture, $"请先关 {first.Day:yyyy-MM-dd} 的账 / {first.Day:yyyy-MM-dd} is open: days are closed one after another."));
        if (!first.IsFannedOut)
            return new("not-settled", "当晚结算尚未进行 / The night has not settled it yet; ask for it by hand, or wait.");
        var due = await index.ListDueAsync(day, cancellationToken).ToListAsync(cancellationToken);
        if (due.Count == 0)
            return null;
        var named = string.Join(", ", due.OrderBy(row => row.Failure is null).Take(MostNamed).Select(row => row.Failure is null ? row.Merchant.Value : $"{row.Merchant} ({row.Failure})"));
        return due.Any(row => row.Failure is not null)
            ? new("failed", string.Create(CultureInfo.InvariantCulture, $"{due.Count} 个商户未结算 / {due.Count} merchants are not settled, and some cannot be: {named}"))
            : new("due", string.Create(CultureInfo.InvariantCulture, $"{due.Count} 个商户待结算 / {due.Count} merchants are to be settled first: {named}"));
    }

    private static ClosingAnswer NoBusiness(DateOnly day) =>
        new("no-business", string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} 没有业务 / Nobody had business on {day:yyyy-MM-dd}."));
}

/// <summary>What came of asking for a closing.</summary>
/// <param name="Code">Why it was refused; null when it was not.</param>
/// <param name="Words">The same for people.</param>
internal sealed record ClosingAnswer(string? Code, string? Words)
{
    /// <summary>The date is closed from now on.</summary>
    public static readonly ClosingAnswer Begun = new(null, null);

    /// <summary>It was before.</summary>
    public static readonly ClosingAnswer Again = new(null, "closed before");
}
