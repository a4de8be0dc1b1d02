using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>Real processes die by SIGKILL while a diner stands at the counter: invariant 8 on real parts.</summary>
public sealed class KilledProcessTests(SharedBrowser shared, ITestOutputHelper output) : IClassFixture<SharedBrowser>, IAsyncLifetime
{
    // I/Os are counted here, and only those of the payment are meant.
    private readonly StackConfig _config = StackConfig.WithoutCards();
    private LocalStack _stack = null!;
    private OutsideBank? _bank;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await shared.Browser.ClosePagesAsync();
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
            output.WriteLine(_stack.Output);
        }

        if (_bank is not null)
            await _bank.DisposeAsync();
        _config.Dispose();
    }

    [Fact]
    public async Task The_agent_dies_with_a_QR_up_and_later_again_and_the_payment_is_shown_as_the_previous_one_and_said_once()
    {
        var till = await StartAsync();
        var order = await till.ShowQrAsync("5");

        await _stack.KillProgramAsync("agent");
        await till.PayAsync(order);

        await till.PreviousIsPaidAsync("5.00");
        await Eventually.TrueAsync(() => till.Spoken == 1, TimeSpan.FromSeconds(10), () => "the payment was not said");
        var dead = await _stack.KillProgramAsync("agent");
        await _stack.IsStartedAgainAsync("agent", dead);
        // A new order goes all the way to the cloud and back: whatever waited for the machine has come before.
        await till.ShowQrAsync("7");
        await till.PreviousIsPaidAsync("5.00");
        till.Spoken.ShouldBe(1);
        await till.OrderIsAsync(order, "Paid");
    }

    [Fact]
    public async Task The_function_app_dies_during_the_request_and_again_between_the_payment_and_its_result_and_the_diner_gets_QR_and_green()
    {
        var till = await StartAsync();
        // What a machine says of itself when it starts must not be counted among the I/Os of its request.
        await Eventually.TrueAsync(async () => await _stack.CountAsync("device-status", "completed") > 0, TimeSpan.FromSeconds(20), () => "no status was handled");
        await _stack.KillHandlerAfterAsync(3);
        var order = await till.ShowQrAsync("9.90");
        (await _stack.KillsAsync()).ShouldBe(1);
        // The order is read and written as paid, and nobody was told.
        await _stack.HoldAsync("payment-polls");
        await _stack.KillHandlerAfterAsync(2);
        await till.PayAsync(order);
        await Eventually.TrueAsync(async () => await _stack.KillsAsync() == 2, TimeSpan.FromSeconds(20), () => "the function app was not killed a second time");

        await _stack.ReleaseAsync("payment-polls");

        await till.ShowsPaidAsync("9.90");
        await till.OrderIsAsync(order, "Paid");
        await Eventually.TrueAsync(() => till.Spoken == 1, TimeSpan.FromSeconds(10), () => "the payment was not said");
    }

    [Fact]
    public async Task LocalCloud_dies_with_a_QR_up_the_diner_pays_meanwhile_and_the_order_ends_paid_over_the_same_state()
    {
        _bank = await OutsideBank.StartAsync();
        var till = await StartAsync(_bank);
        var order = await till.ShowQrAsync("6.60");

        await _stack.KillAsync();
        await till.PayAsync(order);
        await _stack.StartAgainAsync();

        await till.PreviousIsPaidAsync("6.60");
        await till.OrderIsAsync(order, "Paid");
        await till.ShowQrAsync("7");
        till.Spoken.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task The_broker_dies_with_a_QR_up_and_the_paid_result_arrives_when_it_is_back_and_is_said_once()
    {
        var till = await StartAsync();
        var order = await till.ShowQrAsync("8");

        await _stack.KillProgramAsync("mosquitto");
        await till.PayAsync(order);

        await till.ShowsPaidAsync("8.00");
        await Eventually.TrueAsync(() => till.Spoken == 1, TimeSpan.FromSeconds(10), () => "the payment was not said");
        await till.ShowQrAsync("7");
        till.Spoken.ShouldBe(1);
        await till.OrderIsAsync(order, "Paid");
    }

    [Fact]
    public async Task The_function_app_dies_at_each_step_until_ten_deliveries_are_burnt_and_an_operator_sends_what_was_parked_again()
    {
        var till = await StartAsync();
        var order = await till.ShowQrAsync("3.30");
        await _stack.SetFaultsAsync("handler-kill", """{"everyIo":1}""");
        await till.PayAsync(order);
        await Eventually.TrueAsync(
            async () => await _stack.CountAsync("payment-polls", "deadLettered") > 0, TimeSpan.FromSeconds(90), () => "no poll was given up");

        await _stack.EndFaultsAsync();
        var parked = new ParkedCommand(_stack);
        JsonNode? item = null;
        await Eventually.TrueAsync(
            async () => (item = (await parked.ListAsync()).FirstOrDefault(one => one!["source"]!.GetValue<string>() == "payment-polls")) is not null,
            TimeSpan.FromSeconds(40),
            () => "the dead letter was not kept for a person");
        (await parked.ShowAsync(item!)).ShouldContain(order);
        await parked.SendAsync(item!);

        await till.ShowsPaidAsync("3.30");
        await till.OrderIsAsync(order, "Paid");
    }

    private async Task<Till> StartAsync(OutsideBank? bank = null)
    {
        _stack = await LocalStack.StartAsync(functionApp: null, "--config", bank?.ConfigFile ?? _config.File);
        return await Till.OpenAsync(_stack, shared.Browser, bank?.Address ?? _stack.Bank);
    }
}
