using System.Text.Json;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Settlement.Exports;
using CanteenPay.Functions.Settlement.Exports.Editions;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Night;

namespace CanteenPay.Functions.Settlement.Delivery;

/// <summary>Tells finance's own system of each edition, until it is taken or given up for a person. At least once: what was taken in the moment of a kill is sent again.</summary>
internal sealed class Deliveries(
    DeliveryStore store, EditionStore editions, Webhook webhook, SignedLinks links, SettlementQueue queue, ParkedStore parked, FinanceSettings finance, TimeProvider clock,
    ILogger<Deliveries> logger) : IDelivery
{
    /// <summary>How long links are good, counted from the first try, so that every try says the same.</summary>
    private static readonly TimeSpan LinksLast = TimeSpan.FromDays(7);

    /// <summary>The clocks of the queue and ours may differ by so much: a message that is dropped as too early comes from the sweep only.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(5);

    /// <summary>Begins to deliver an edition, unless that was begun; nothing where there is nobody to deliver to.</summary>
    public async Task StartAsync(DateOnly day, int edition, CancellationToken cancellationToken)
    {
        if (finance.Webhook is null || await store.FindAsync(day, edition, cancellationToken) is not null)
            return;
        var first = DeliverySchedule.First(day, finance.DeliverAt, clock.GetUtcNow());
        await store.OpenAsync(new(day, edition, first) { NextAt = first }, cancellationToken);
        await SendAsync(day, edition, tries: 0, first, cancellationToken);
    }

    /// <summary>Sends for the next try.</summary>
    public Task SendAsync(DateOnly day, int edition, int tries, DateTimeOffset due, CancellationToken cancellationToken) =>
        queue.DeliverAsync(day, edition, tries, due - clock.GetUtcNow(), cancellationToken);

    /// <inheritdoc/>
    public async Task RunAsync(DateOnly day, int edition, int attempt, CancellationToken cancellationToken)
    {
        if (finance.Webhook is null || await store.FindAsync(day, edition, cancellationToken) is not { } delivery)
            return;
        if (delivery.State != DeliveryState.Waiting)
        {
            await EndAsync(delivery, cancellationToken);
            return;
        }

        // Another message of the same try, or one of a try that was done.
        if (attempt != delivery.Tries || clock.GetUtcNow() + Early < delivery.NextAt)
            return;
        var after = await TryAsync(delivery, cancellationToken);
        if (!await store.TryWriteAsync(after, cancellationToken))
            return;
        if (after is { State: DeliveryState.Waiting, NextAt: { } next })
            await SendAsync(day, edition, after.Tries, next, cancellationToken);
        else
            await EndAsync(after, cancellationToken);
    }

    private async Task<DeliveryRow> TryAsync(DeliveryRow delivery, CancellationToken cancellationToken)
    {
        var there = await editions.CompleteAsync(delivery.Day, cancellationToken);
        if (there is null || there.Number > delivery.Edition)
            return Ended(delivery, DeliveryState.Superseded);
        var why = await webhook.PostAsync(delivery.EventId, Body(delivery, there), cancellationToken);
        var (now, tried) = (clock.GetUtcNow(), delivery with { Tries = delivery.Tries + 1, Why = why });
        if (why is null)
        {
            ExportLog.Delivered(logger, delivery.Edition, delivery.Day, tried.Tries);
            return Ended(tried, DeliveryState.Delivered);
        }

        ExportLog.NotDelivered(logger, delivery.Edition, delivery.Day, tried.Tries, why);
        return DeliverySchedule.Next(delivery.FirstAt, tried.Tries, now) is { } next ? tried with { NextAt = next } : Ended(tried, DeliveryState.Parked);
    }

    private DeliveryRow Ended(DeliveryRow delivery, DeliveryState state) => delivery with { State = state, NextAt = null, EndedAt = clock.GetUtcNow() };

    /// <summary>What comes after the end, again after a kill: a person is told before the sweep forgets it.</summary>
    private async Task EndAsync(DeliveryRow ended, CancellationToken cancellationToken)
    {
        if (ended.State == DeliveryState.Parked)
        {
            ExportLog.GivenUp(logger, ended.Edition, ended.Day, ended.Why ?? "");
            var item = new ParkedItem(
                ended.EndedAt ?? clock.GetUtcNow(), "settlement-delivery", ended.EventId,
                $"Finance's system did not take edition {ended.Edition} of {ended.Day:yyyy-MM-dd} in {ended.Tries} tries. {ended.Why}", BinaryData.FromString(ended.EventId));
            await parked.KeepAsync(item, cancellationToken);
        }

        await store.CloseAsync(new(ended.Day, ended.Edition), cancellationToken);
    }

    private byte[] Body(DeliveryRow delivery, EditionRow edition)
    {
        var expire = delivery.FirstAt + LinksLast;
        var files = (edition.Files ?? []).Select(file => ExportName.TryParse(file.Name, out var name)
            ? new LinkedFile(file.Name, name.Format.ContentType(), file.Bytes, file.Sha256, links.To(name, expire))
            : throw new InvalidOperationException($"Edition {edition.Number} of {edition.Day:yyyy-MM-dd} has a file '{file.Name}', which is no name of ours."));
        return JsonSerializer.SerializeToUtf8Bytes(
            new EditionNotice(delivery.EventId, EditionNotice.TypeName, edition.Day, edition.Number, edition.State, edition.Totals, expire, [.. files]),
            ExportsJson.Default.EditionNotice);
    }
}
