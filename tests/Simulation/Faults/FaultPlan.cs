using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Faults;

/// <summary>
/// How often what goes wrong in one case; shares are probabilities. Each case has a random half of the faults, so that each is also seen without those that
/// would hide what it does.
/// </summary>
internal sealed record FaultPlan
{
    private static readonly TimeSpan ALittle = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ADeadBattery = TimeSpan.FromDays(40);
    private static readonly TimeSpan AnotherDecade = TimeSpan.FromDays(365 * 20);

    /// <summary>A machine's message is lost after the broker took it, comes twice, or late.</summary>
    public Hop Up { get; private init; } = Hop.Calm;

    /// <summary>A message to a machine is lost after the broker took it, comes twice, or late.</summary>
    public Hop Down { get; private init; } = Hop.Calm;

    /// <summary>A queue's message is handed out again although it was completed, or late.</summary>
    public Hop Queue { get; private init; } = Hop.Calm;

    /// <summary>A machine's connections break so often in a minute.</summary>
    public double Disconnects { get; private init; }

    /// <summary>The broker forgets a session that is not connected at once; otherwise after ten minutes.</summary>
    public bool SessionsExpire { get; private init; }

    /// <summary>Storage is busy: an I/O of the cloud fails, and nothing is done.</summary>
    public double Busy { get; private init; }

    /// <summary>An I/O of the cloud is done, and its answer lost.</summary>
    public double AnswerLost { get; private init; }

    /// <summary>An I/O of the cloud takes long, so that others come in between.</summary>
    public double SlowIo { get; private init; }

    /// <summary>The function app is killed by an I/O that took effect.</summary>
    public double Killed { get; private init; }

    /// <summary>So often in a minute every invocation fails for a while, until ten redeliveries have burnt out.</summary>
    public double Outages { get; private init; }

    /// <summary>A call of the bank fails before anything happened, or its answer is lost.</summary>
    public double BankError { get; private init; }

    /// <summary>A call of the bank takes seconds.</summary>
    public double BankSlow { get; private init; }

    /// <summary>So often in a minute the bank does not answer anybody for a while.</summary>
    public double BankDown { get; private init; }

    /// <summary>The bank names another amount than was paid, correctly signed.</summary>
    public double BankLies { get; private init; }

    /// <summary>The bank refuses to make an order.</summary>
    public double BankRefuses { get; private init; }

    /// <summary>A notification is never sent, sent twice, or late.</summary>
    public Hop Notification { get; private init; } = Hop.Calm;

    /// <summary>The order is paid and notified before the bank answers the create.</summary>
    public double PaidBeforeCreated { get; private init; }

    /// <summary>A payment that is being confirmed when the order is closed succeeds all the same.</summary>
    public double PaidAfterClose { get; private init; }

    /// <summary>The bank refuses a refund, or takes it and fails it in the end.</summary>
    public double RefundFails { get; private init; }

    /// <summary>A refund takes minutes.</summary>
    public double RefundSlow { get; private init; }

    /// <summary>A machine's power is cut so often in a minute.</summary>
    public double PowerCuts { get; private init; }

    /// <summary>A machine that starts has a clock that is off.</summary>
    public double ClockOff { get; private init; }

    /// <summary>By so much at most.</summary>
    public TimeSpan ClockOffBy { get; private init; }

    /// <summary>The plan of a case.</summary>
    public static FaultPlan Draw(Dice dice)
    {
        if (dice.Strikes(0.05))
            return new();
        return new()
        {
            Up = DrawHop(dice),
            Down = DrawHop(dice),
            Queue = DrawHop(dice) with { Lost = 0 },
            Disconnects = Share(dice, 1.5),
            SessionsExpire = dice.Strikes(0.5),
            Busy = Share(dice, 0.08),
            AnswerLost = Share(dice, 0.05),
            SlowIo = Share(dice, 0.3),
            Killed = Share(dice, 0.03),
            Outages = Share(dice, 0.5),
            BankError = Share(dice, 0.3),
            BankSlow = Share(dice, 0.4),
            BankDown = Share(dice, 0.4),
            BankLies = dice.Strikes(0.3) ? Share(dice, 0.1) : 0,
            BankRefuses = dice.Strikes(0.5) ? Share(dice, 0.2) : 0,
            Notification = DrawHop(dice, most: 0.6),
            PaidBeforeCreated = dice.Strikes(0.5) ? Share(dice, 0.3) : 0,
            PaidAfterClose = Share(dice, 1),
            RefundFails = dice.Strikes(0.5) ? Share(dice, 0.3) : 0,
            RefundSlow = Share(dice, 0.5),
            PowerCuts = Share(dice, 0.5),
            ClockOff = Share(dice, 0.6),
            ClockOffBy = dice.OneOf(ALittle, ADeadBattery, ADeadBattery, AnotherDecade),
        };
    }

    private static double Share(Dice dice, double most) => dice.Strikes(0.5) ? most * dice.NextDouble() : 0;

    private static Hop DrawHop(Dice dice, double most = 0.3) => new(Share(dice, most), Share(dice, most), Share(dice, most));
}

/// <summary>What a hop does to messages.</summary>
/// <param name="Lost">Share that does not arrive.</param>
/// <param name="Twice">Share that arrives twice.</param>
/// <param name="Late">Share that arrives seconds later, so that others overtake it.</param>
internal sealed record Hop(double Lost, double Twice, double Late)
{
    /// <summary>Everything arrives once, in time.</summary>
    public static readonly Hop Calm = new(0, 0, 0);
}
