using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Functions.Tests.Payments.Rules;

/// <summary>Whatever the channel answers, however often and in whatever order.</summary>
public sealed class OrderRulesProperties
{
    private static readonly Gen<OrderEvent> Events = Gen.Frequency<OrderEvent>(
        (2, Gen.Constant<OrderEvent>(new OrderEvent.QrIssued("https://bank/q/1"))),
        (1, Gen.Constant<OrderEvent>(new OrderEvent.CreateRefused("x"))),
        (1, Gen.Constant<OrderEvent>(new OrderEvent.QrLost())),
        (2, Gen.Constant<OrderEvent>(new OrderEvent.GivenUp())),
        (1, Gen.Constant<OrderEvent>(new OrderEvent.ClosedAtChannel())),
        (2, Gen.Constant<OrderEvent>(new OrderEvent.CloseUnanswered())),
        (3, Payments()));

    private static readonly Arbitrary<OrderEvent[]> Sequences = Events.ArrayOf().ToArbitrary();

    private static Gen<OrderEvent> Payments() =>
        from fen in Gen.Elements(1250L, 1250L, 1250L, 1249L, 125_000L)
        from merchant in Gen.Elements(Sample.ChannelMerchant, Sample.ChannelMerchant, Sample.ChannelMerchant, "7551000002")
        from currency in Gen.Elements("CNY", "CNY", "CNY", "USD")
        from order in Gen.Elements(Sample.Id.Value, Sample.Id.Value, Sample.Id.Value, "261122DEVMERCHDEVMACH1ZZZZZZZZZZ")
        from transaction in Gen.Elements("T1", "T1", "T2")
        from seconds in Gen.Choose(-3, 4000)
        select (OrderEvent)Sample.Payment(fen, merchant, currency, transaction, order, at: Sample.Noon.AddSeconds(seconds));

    [Fact]
    public void No_sequence_leads_out_of_an_end_state() => Holds(history => history.Zip(history.Skip(1)).All(pair => (pair.First.State, pair.Second.State) switch
    {
        (OrderState.Paid, var next) => next == OrderState.Paid,
        (OrderState.LatePaid, var next) => next == OrderState.LatePaid,
        (OrderState.Closed or OrderState.Failed, var next) => next == pair.First.State || next == OrderState.LatePaid,
        _ => true,
    }));

    [Fact]
    public void No_sequence_pays_an_order_twice() => Holds(history =>
        history.Select(order => order.Payment).OfType<Payment>().Distinct().Count() <= 1
        && history.Zip(history.Skip(1)).All(pair => pair.First.Payment is null || pair.First.Payment == pair.Second.Payment));

    [Fact]
    public void No_sequence_announces_an_order_as_paid_that_the_channel_did_not_confirm_with_its_amount_and_merchant() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Sequences, events =>
        {
            var order = Sample.Requested;
            var confirmed = false;
            foreach (var happened in events)
            {
                confirmed |= happened is OrderEvent.PaymentConfirmed
                {
                    Confirmed: { Amount.Value: 1250, ChannelMerchantId: Sample.ChannelMerchant, Currency: "CNY", OrderNo: var orderNo },
                } && orderNo == Sample.Id.Value;
                order = Sample.Apply(order, happened);
                for (var age = 0; age < 200; age += 40)
                {
                    var said = MachineAnswers.For(order, mayBeSpoken: true, Sample.Noon.AddSeconds(age))?.Message as PayResult;
                    if ((said?.Outcome == PayOutcome.Paid || said?.Say is not null) && !(confirmed && order.State == OrderState.Paid))
                        return false;
                }
            }

            return true;
        }));

    [Fact]
    public void An_event_that_comes_twice_does_no_more_than_once() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Sequences, events =>
    {
        var once = Sample.Requested;
        foreach (var happened in events)
        {
            once = Sample.Apply(once, happened);
            // Unanswered closes are counted: each is an attempt of its own.
            if (happened is not OrderEvent.CloseUnanswered && Sample.Apply(once, happened) != once)
                return false;
        }

        return true;
    }));

    [Fact]
    public void The_amount_and_the_parties_of_an_order_never_change() => Holds(history => history.All(order =>
        (order.Id, order.Amount, order.ChannelMerchantId, order.OpenKey) == (Sample.Requested.Id, Sample.Requested.Amount, Sample.ChannelMerchant, Sample.Requested.OpenKey)));

    private static void Holds(Func<IReadOnlyList<Order>, bool> property) => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Sequences, events =>
    {
        var history = new List<Order> { Sample.Requested };
        foreach (var happened in events)
            history.Add(Sample.Apply(history[^1], happened));
        return property(history);
    }));
}
