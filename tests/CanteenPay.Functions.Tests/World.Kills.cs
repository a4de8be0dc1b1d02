namespace CanteenPay.Functions.Tests;

/// <summary>Kills.</summary>
internal sealed partial class World
{
    /// <summary>Kills whoever makes the n-th I/O from now, once; tells whether it came to that.</summary>
    public Func<bool> KillAfter(int step)
    {
        var taken = 0;
        void Count(string operation)
        {
            if (++taken != step)
                return;
            HandlerIsDead = true;
            throw new Killed($"{operation} (I/O {step})");
        }

        void Dead()
        {
            if (HandlerIsDead)
                throw new Killed("its death");
        }

        Task DeadAsync(string operation)
        {
            Dead();
            return Task.CompletedTask;
        }

        Task CountAsync(string operation)
        {
            Count(operation);
            return Task.CompletedTask;
        }

        Tables.AfterOperation = CountAsync;
        ServiceBus.AfterOperation = CountAsync;
        Broker.AfterOperation = CountAsync;
        Clients.AfterOperation = CountAsync;
        Copies.AfterOperation = CountAsync;
        Bank.AfterCall = Count;
        Registration.AfterCall = Count;
        Tables.BeforeOperation = DeadAsync;
        ServiceBus.BeforeOperation = DeadAsync;
        Broker.BeforeOperation = DeadAsync;
        Clients.BeforeOperation = DeadAsync;
        Copies.BeforeOperation = DeadAsync;
        Bank.BeforeCall = Dead;
        Registration.BeforeCall = Dead;
        return () => taken >= step && Failures.Count > 0;
    }

    /// <summary>Kills nobody any more.</summary>
    public void NobodyIsKilled()
    {
        (Tables.AfterOperation, ServiceBus.AfterOperation, Broker.AfterOperation, Bank.AfterCall) = (null, null, null, null);
        (Registration.AfterCall, Registration.BeforeCall) = (null, null);
        (Clients.AfterOperation, Clients.BeforeOperation) = (null, null);
        (Copies.AfterOperation, Copies.BeforeOperation) = (null, null);
        (Tables.BeforeOperation, ServiceBus.BeforeOperation, Broker.BeforeOperation, Bank.BeforeCall) = (null, null, null, null);
    }
}
