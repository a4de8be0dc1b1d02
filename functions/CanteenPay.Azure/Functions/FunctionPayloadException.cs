namespace CanteenPay.Azure.Functions;

/// <summary>The host delivered something that no function can work with: an empty or null message, JSON of another shape, an unknown encoding.</summary>
public sealed class FunctionPayloadException(string message, Exception? inner = null) : FormatException(message, inner);
