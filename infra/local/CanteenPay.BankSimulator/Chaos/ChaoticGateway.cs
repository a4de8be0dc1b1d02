using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Orders;
using Fields = System.Collections.Generic.IReadOnlyList<(string Name, string Value)>;

namespace CanteenPay.BankSimulator.Chaos;

/// <summary>How the gateway reacts on the wire.</summary>
internal enum Manner
{
    /// <summary>200 with the text.</summary>
    Answers,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>The connection is closed without a word.</summary>
    Cuts,

    /// <summary>The connection is closed when half of the text is out.</summary>
    CutsInTheMiddle,
}

/// <summary>What a merchant's system gets to see.</summary>
internal sealed record Reaction(Manner Manner, string Text);

/// <summary>The gateway with its faults around it. What happened in the book is the same whether the answer tells it, hides it or lies.</summary>
internal sealed class ChaoticGateway(GatewayServices services, OrderBook book, ChaosBoard chaos, Lies lies, TimeProvider time)
{
    /// <summary>Ways in which an answer gets lost.</summary>
    private static readonly Manner[] Losses = [Manner.ServerError, Manner.Cuts, Manner.CutsInTheMiddle];

    public async Task<Reaction> AnswerAsync(byte[] body, string calledBy, CancellationToken cancellationToken)
    {
        var (request, error) = services.Read(body, calledBy);
        if (request is null)
            return new Reaction(Manner.Answers, error);
        var known = book.Find(request.Merchant.MchId, request["out_trade_no"], request["transaction_id"]);
        var order = known?.OutTradeNo ?? request["out_trade_no"];
        chaos.Hear(order, known is null && request.Call is GatewayCall.Create);
        if (chaos.Strikes(order, Fault.RefuseToConnect, request.Call))
            return new Reaction(Manner.Cuts, "");
        if (chaos.Strikes(order, Fault.ServerError, request.Call))
            return new Reaction(Manner.ServerError, "");
        var late = chaos.DelayOf(order, Fault.Slow, request.Call);
        var reaction = await ReactAsync(request, order);
        if (late is { } delay)
            await Task.Delay(delay, time, cancellationToken);
        return reaction;
    }

    private async Task<Reaction> ReactAsync(GatewayRequest request, string order)
    {
        if (chaos.Strikes(order, Fault.Unknown, request.Call))
        {
            if (chaos.Pick(order, Fault.Unknown, 2) == 1)
                await services.ServeAsync(request);
            return Signed(request, GatewayAnswer.Refused(new Refusal("SYSTEMERROR", "系统繁忙，请稍后再试"), "Y"));
        }

        var answer = await services.ServeAsync(request);
        if (chaos.Strikes(order, Fault.LostAnswer, request.Call))
            return Signed(request, answer) with { Manner = Losses[chaos.Pick(order, Fault.LostAnswer, Losses.Length)] };
        var (told, _) = request.Call is GatewayCall.Query or GatewayCall.RefundQuery ? lies.Tell(order, request.Merchant, answer, request.Call) : (answer, null);
        return Signed(request, told, chaos.Strikes(order, Fault.BadSignature, request.Call));
    }

    private static Reaction Signed(GatewayRequest request, Fields fields, bool forged = false) =>
        new(Manner.Answers, GatewayAnswer.Signed(request.Merchant, fields, forged));
}
