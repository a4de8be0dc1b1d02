namespace CanteenPay.Lunch;

/// <summary>The lunch cannot be held; the message says why and what to do.</summary>
public sealed class LunchException : Exception
{
    /// <summary>With words for the person at the terminal.</summary>
    public LunchException(string message)
        : base(message)
    {
    }

    /// <summary>With words for the person at the terminal, and what was behind it.</summary>
    public LunchException(string message, Exception behind)
        : base(message, behind)
    {
    }
}
