using CanteenPay.Azure.Functions;

namespace CanteenPay.Functions.Tests.Operations;

/// <summary>What every queue gave up on is kept, whole, with its reason.</summary>
public sealed class ParkTests : IDisposable
{
    private static readonly FunctionContext DeadLetter = new()
    {
        InvocationId = "i",
        FunctionName = "Park",
        MessageId = "a/b#c?d\\e",
        EnqueuedTime = World.Noon,
        DeadLetterReason = "MaxDeliveryCountExceeded",
        DeadLetterErrorDescription = "ten times",
        DeadLetterSource = "device-payments",
    };

    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_dead_letter_of_any_size_and_id_is_kept_whole_with_its_reason_and_source()
    {
        var body = new byte[250 * 1024];
        new Random(1).NextBytes(body);

        await _world.ParkAsync(BinaryData.FromBytes(body), DeadLetter);

        var item = (await _world.ParkedAsync()).ShouldHaveSingleItem();
        item.Body.ToArray().ShouldBe(body);
        item.Source.ShouldBe("device-payments");
        item.ItemId.ShouldBe(DeadLetter.MessageId);
        item.Reason.ShouldBe("MaxDeliveryCountExceeded: ten times");
    }

    [Fact]
    public async Task A_dead_letter_that_comes_twice_is_kept_once()
    {
        await _world.ParkAsync(BinaryData.FromString("x"), DeadLetter);
        await _world.ParkAsync(BinaryData.FromString("x"), DeadLetter);

        (await _world.ParkedAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Storage_that_is_down_is_waited_for_inside_the_invocation()
    {
        var refusals = 5;
        _world.Tables.BeforeOperation = _ => refusals-- > 0 ? throw new global::Azure.RequestFailedException(503, "busy") : Task.CompletedTask;

        await _world.ParkAsync(BinaryData.FromString("x"), DeadLetter);

        _world.Failures.ShouldBeEmpty("ten failed invocations end where nobody looks");
        (await _world.ParkedAsync()).Count.ShouldBe(1);
    }
}
