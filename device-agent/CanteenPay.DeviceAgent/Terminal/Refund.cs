using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>Money that a manager gave back at this till, as far as this machine was told.</summary>
internal sealed record Refund
{
    /// <summary>Made by this machine with the refund: the same key is the same refund.</summary>
    public required string Key { get; init; }

    /// <summary>The order that was paid.</summary>
    public required OrderId OrderId { get; init; }

    /// <summary>What is to go back, in fen.</summary>
    public required Fen Amount { get; init; }

    /// <summary>When the PIN was accepted, by the corrected clock.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>How it stands, as far as this machine was told.</summary>
    public RefundStage Stage { get; init; } = RefundStage.Requested;

    /// <summary>This machine has spoken about it, or was about to when it was stopped: it never does again.</summary>
    public bool Spoken { get; init; }

    /// <summary>Why the cloud refused it.</summary>
    public BilingualText? Refusal { get; init; }

    /// <summary>The cloud has said how it ended.</summary>
    public bool IsEnded => Stage is RefundStage.Refunded or RefundStage.Refused;
}

/// <summary>How a refund stands on the machine. Stored by name.</summary>
internal enum RefundStage
{
    /// <summary>Stored; the cloud has not answered.</summary>
    Requested,

    /// <summary>The cloud has it; the channel has not ended it yet.</summary>
    Pending,

    /// <summary>The money went back.</summary>
    Refunded,

    /// <summary>No money goes back by it.</summary>
    Refused,
}
