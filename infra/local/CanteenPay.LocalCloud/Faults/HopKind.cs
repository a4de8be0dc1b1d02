namespace CanteenPay.LocalCloud.Faults;

/// <summary>A hop by what it is called and what can go wrong on it.</summary>
/// <param name="Name">Its name in the API.</param>
/// <param name="Title">For the status page, Chinese first.</param>
/// <param name="Faults">What it can be told to do.</param>
internal sealed record HopKind(string Name, string Title, IReadOnlyList<FaultKind> Faults)
{
    internal static readonly HopKind MachineToCloud =
        new("machine-to-cloud", "机器到云 machine to cloud", [FaultKind.Drop, FaultKind.Double, FaultKind.Delay, FaultKind.Reorder]);

    internal static readonly HopKind CloudToMachine =
        new("cloud-to-machine", "云到机器 cloud to machine", [FaultKind.Drop, FaultKind.Double, FaultKind.Delay, FaultKind.Reorder]);

    internal static readonly HopKind ServiceBus =
        new("service-bus", "发往队列 sends to queues", [FaultKind.Refuse, FaultKind.LostAnswer, FaultKind.Double, FaultKind.Delay]);

    internal static readonly HopKind Tables = new("tables", "表 tables", [FaultKind.Throttle, FaultKind.LostAnswer, FaultKind.Delay]);

    internal static readonly HopKind QueueDelivery = new("queue-delivery", "队列投递 delivery from queues", [FaultKind.Double, FaultKind.Delay]);

    internal static readonly HopKind FrontDoor =
        new("front-door", "前门 front door", [FaultKind.Refuse, FaultKind.LostAnswer, FaultKind.Double, FaultKind.Delay]);

    internal static readonly HopKind HandlerKill = new("handler-kill", "杀函数进程 kills of the handler", [FaultKind.Kill]);

    internal static readonly IReadOnlyList<HopKind> All = [MachineToCloud, CloudToMachine, ServiceBus, Tables, QueueDelivery, FrontDoor, HandlerKill];

    /// <returns>Null, or why this hop cannot be told so.</returns>
    internal string? Refusal(HopSettings settings) =>
        Enum.GetValues<FaultKind>().Where(kind => settings.ShareOf(kind) != 0 && !Faults.Contains(kind)).Select(kind => (FaultKind?)kind).FirstOrDefault() is { } foreign
            ? $"{Name} has no fault {FaultNames.Of(foreign)}; it has {string.Join(", ", Faults.Select(FaultNames.Of))}."
        : Faults.Where(kind => settings.ShareOf(kind) is not (>= 0 and <= 1)).Select(kind => (FaultKind?)kind).FirstOrDefault() is { } wrong
            ? $"{Name}: {FaultNames.Of(wrong)} is not a share from 0 to 1."
        : settings.Delay is { Ms: < 0 or > DelaySettings.MostMs } ? $"{Name}: delay.ms is not from 0 to {DelaySettings.MostMs}."
        : settings.EveryIo < 0 ? $"{Name}: everyIo is below 0."
        : null;
}
