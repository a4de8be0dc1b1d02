namespace CanteenPay.Functions.Tests.Cards.Operations;

/// <summary>Kills whoever makes the n-th I/O of a world, once: its effect stands, its answer is lost, nothing after it runs.</summary>
internal sealed class Killing
{
    private readonly World _world;
    private readonly int _step;
    private int _taken;
    private bool _isSparing;

    private Killing(World world, int step) => (_world, _step) = (world, step);

    /// <summary>Whether it came to that.</summary>
    public bool Happened => _taken >= _step;

    public static Killing After(World world, int step)
    {
        var killing = new Killing(world, step);
        world.Tables.AfterOperation = world.ServiceBus.AfterOperation = world.Broker.AfterOperation = killing.CountAsync;
        world.Tables.BeforeOperation = world.ServiceBus.BeforeOperation = world.Broker.BeforeOperation = killing.DieAsync;
        return killing;
    }

    /// <summary>While this is done nobody is killed, and nothing is counted.</summary>
    public async Task SpareAsync(Func<Task> doAsync)
    {
        (_isSparing, _world.HandlerIsDead) = (true, false);
        await doAsync();
        _isSparing = false;
    }

    private Task CountAsync(string operation)
    {
        if (_isSparing || ++_taken != _step)
            return Task.CompletedTask;
        _world.HandlerIsDead = true;
        throw new Killed($"{operation} (I/O {_step})");
    }

    private Task DieAsync(string operation) => _world.HandlerIsDead ? throw new Killed("its death") : Task.CompletedTask;
}
