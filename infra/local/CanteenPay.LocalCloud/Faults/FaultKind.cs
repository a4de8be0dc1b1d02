using System.Text.Json;

namespace CanteenPay.LocalCloud.Faults;

/// <summary>What can go wrong on a hop; settings and counts bear these names.</summary>
internal enum FaultKind
{
    /// <summary>Accepted and never delivered.</summary>
    Drop,

    /// <summary>Refused with an error before anything was done.</summary>
    Refuse,

    /// <summary>As <see cref="Refuse"/>, in the words of a storage account that is busy.</summary>
    Throttle,

    /// <summary>Done or delivered twice.</summary>
    Double,

    /// <summary>Done, but the caller is told of a failure or of nothing.</summary>
    LostAnswer,

    /// <summary>Done or delivered late.</summary>
    Delay,

    /// <summary>Overtaken by the next message of the hop.</summary>
    Reorder,

    /// <summary>The function app's process is killed after an I/O whose effect stands and whose answer is lost.</summary>
    Kill,
}

internal static class FaultNames
{
    internal static string Of(FaultKind kind) => JsonNamingPolicy.CamelCase.ConvertName($"{kind}");
}
