using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Telemetry;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.DeviceAgent.Voice;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>Carries out what the till wants done.</summary>
internal sealed class TillEffects(
    OrderStore store, CardStore cards, CardLookout lookout, MachineClock clock, Uplink uplink, Outbox outbox, Announcer announcer, Health health,
    FaultReport faults, PaymentWatch watch, ILogger<TillEffects> log)
{
    /// <summary>Does one thing.</summary>
    /// <exception cref="SqliteException">An order or a tap could not be stored: nothing that follows from it may be done.</exception>
    public void CarryOut(TillEffect effect)
    {
        switch (effect)
        {
            case Save save:
                using (save.Unanswered == Unanswered.Request ? watch.Press(save.Order.Id) : null)
                    store.Save(save.Order, save.Unanswered);
                log.OrderSaved(save.Order.Id, save.Order.Stage, save.Order.Amount, save.Order.Wallet, save.Order.Disputed);
                if (save.Order.Disputed)
                    health.Report($"order {save.Order.Id}: told paid and not paid");
                outbox.Wake();
                break;
            case SaveRefund save:
                store.SaveRefund(save.Order, save.Refund);
                log.RefundSaved(save.Order.Id, save.Refund.Key, save.Refund.Stage, save.Refund.Amount);
                outbox.Wake();
                break;
            case DamageConfirmed:
                store.SetFacts((DatabaseRescue.DamageFact, ""));
                health.Report("the damaged database was confirmed at the till");
                log.DamageConfirmed();
                break;
            case StatusAnswered answered:
                Tolerantly(nameof(StatusAnswered), () => store.StatusAnswered(answered.OrderId));
                break;
            case Acknowledge acknowledge:
                uplink.Post(new PayResultAck
                {
                    OrderId = acknowledge.OrderId,
                    Outcome = acknowledge.Outcome,
                    Spoken = acknowledge.Spoken,
                    ShownAt = clock.Corrected,
                    Traceparent = AgentSpans.Current,
                });
                break;
            case StoreTap { Tap: var tap }:
                cards.Append(tap);
                log.TapStored(tap.Id, tap.Kind, tap.Amount, tap.AccountId, tap.CardNo, tap.Mode, tap.Offline);
                break;
            case RememberMode remember:
                lookout.Remember(remember.Mode);
                log.ModeSwitched(remember.Mode?.ToString() ?? "as the rules say");
                break;
            case Say say:
                announcer.Enqueue(say, watch.PaidAt(say));
                break;
            case Ignored ignored:
                log.MessageIgnored(ignored.OrderId, ignored.Why);
                if (ignored.Why == IgnoredBecause.AmountDiffers)
                    health.Report($"order {ignored.OrderId}: the cloud named another amount");
                break;
            default:
                throw new InvalidOperationException($"Nobody carries out {effect.GetType().Name}.");
        }
    }

    /// <summary>Tidies the database; what fails is done later or asked once more, and no reason to trouble the cashier.</summary>
    public void Tolerantly(string doing, Action tidy)
    {
        try
        {
            tidy();
        }
        catch (SqliteException e) when (!DatabaseDamage.Is(e))
        {
            faults.Report(doing, e);
        }
    }
}
