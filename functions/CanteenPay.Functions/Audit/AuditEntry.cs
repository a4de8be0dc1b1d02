namespace CanteenPay.Functions.Audit;

/// <summary>One thing that the audit keeps: what a person asked for, or what came of it.</summary>
internal sealed record AuditEntry
{
    /// <summary>The request; the same for what was asked and what came of it.</summary>
    public required string Request { get; init; }

    /// <summary>When, by our clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What is told.</summary>
    public required AuditKind Kind { get; init; }

    /// <summary>The person: their object id in the directory.</summary>
    public required string Who { get; init; }

    /// <summary>What they are called there.</summary>
    public required string Name { get; init; }

    /// <summary>What they are, by their token.</summary>
    public required string Roles { get; init; }

    /// <summary>Method and route, without its values.</summary>
    public required string What { get; init; }

    /// <summary>The route's values: of whom or what.</summary>
    public required string Subject { get; init; }

    /// <summary>The address that they came from.</summary>
    public required string From { get; init; }

    /// <summary>The body that was asked with, masked; null where there was none, and for what came of it.</summary>
    public string? Body { get; init; }

    /// <summary>The HTTP status; null for what was asked.</summary>
    public int? Status { get; init; }

    /// <summary>What it was before, masked; null where nothing was said.</summary>
    public string? Before { get; init; }

    /// <summary>What it is now, masked; null where nothing was said.</summary>
    public string? After { get; init; }
}

/// <summary>What an entry tells.</summary>
internal enum AuditKind
{
    /// <summary>Somebody asked. Written before anything is done; if nothing follows, it is not known what came of it.</summary>
    Asked,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was refused; nothing was done.</summary>
    Refused,

    /// <summary>It broke off; a part of it may have been done.</summary>
    Failed,
}
