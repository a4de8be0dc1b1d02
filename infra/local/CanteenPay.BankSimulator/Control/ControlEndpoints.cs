using System.Globalization;
using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Merchants;
using CanteenPay.BankSimulator.Notify;
using CanteenPay.BankSimulator.Orders;
using CanteenPay.BankSimulator.Phone;

namespace CanteenPay.BankSimulator.Control;

/// <summary>What tests steer the bank by.</summary>
internal static class ControlEndpoints
{
    private const int Listed = 200;
    private const int MaxListed = 1_000;

    public static void MapControl(this IEndpointRouteBuilder endpoints)
    {
        var book = endpoints.ServiceProvider.GetRequiredService<OrderBook>();
        var desk = endpoints.ServiceProvider.GetRequiredService<PaymentDesk>();
        var notifier = endpoints.ServiceProvider.GetRequiredService<Notifier>();
        var merchants = endpoints.ServiceProvider.GetRequiredService<MerchantDirectory>();
        var time = endpoints.ServiceProvider.GetRequiredService<TimeProvider>();
        var control = endpoints.MapGroup("/control");

        control.MapGet("/orders", context =>
        {
            var (from, take) = (Number(context, "from"), (int)Math.Min(Number(context, "take") ?? Listed, MaxListed));
            var orders = from is { } sequence ? book.From(sequence, take) : book.Latest(take);
            return context.WriteAsync([.. orders.Select(o => OrderView.Of(o, time.GetUtcNow()))], ControlJson.Readable.IReadOnlyListOrderView);
        });

        control.MapGet("/orders/{outTradeNo}", context => context.WithOrder(book, order =>
            context.WriteAsync(OrderView.Of(order, time.GetUtcNow()), ControlJson.Readable.OrderView)));

        control.MapGet("/sums", context =>
        {
            var day = context.Request.Query["day"].ToString().Replace("-", "", StringComparison.Ordinal);
            return day == "" || BankTime.Parse(day + "000000") is not null
                ? context.WriteAsync(SumsView.Of(book, merchants.All(), day, time.GetUtcNow()), ControlJson.Readable.SumsView)
                : context.RefuseAsync("day must be yyyy-MM-dd (Beijing), or absent for all days");
        });

        control.MapPut("/notifications", async context =>
        {
            if (await context.ReadCommandAsync(ControlJson.Readable.NotificationSwitch) is { } wanted)
            {
                notifier.Enabled = wanted.Enabled;
                await context.WriteAsync(wanted, ControlJson.Readable.NotificationSwitch);
            }
        });

        control.MapPost("/orders/{outTradeNo}/pay", context => context.WithOrder(book, async order =>
        {
            if (await context.ReadCommandAsync(ControlJson.Readable.PayCommand) is not { } command)
                return;
            if (WalletOfPhone.Parse(command.Wallet) is { } wallet)
                await context.WriteAsync(new CommandResult(desk.Pay(order.Token, wallet).ToString()), ControlJson.Readable.CommandResult);
            else
                await context.RefuseAsync("wallet must be wechat or alipay");
        }));

        control.MapPost("/orders/{outTradeNo}/notify", context => context.WithOrder(book, async order =>
        {
            if (order.Payment is null)
            {
                await context.RefuseAsync("the order is not paid: there is nothing to notify");
                return;
            }

            var taken = await notifier.SendAsync(order.Token, fault: null, context.RequestAborted);
            await context.WriteAsync(new CommandResult(taken ? "success" : "failed"), ControlJson.Readable.CommandResult);
        }));
    }

    private static long? Number(HttpContext context, string name) =>
        long.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
