namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>How queues and their dead-letter queues are named.</summary>
internal static class QueueAddress
{
    private const string Suffix = "/$deadletterqueue";

    public static bool IsDeadLetters(string address) => address.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The address of a queue's dead letters.</summary>
    public static string DeadLettersOf(string queue) => queue + Suffix;

    /// <summary>The queue that an address belongs to.</summary>
    public static string QueueOf(string address) => IsDeadLetters(address) ? address[..^Suffix.Length] : address;
}
