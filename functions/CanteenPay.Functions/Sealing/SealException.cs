namespace CanteenPay.Functions.Sealing;

/// <summary>What is sealed cannot be opened: it was changed, belongs elsewhere, or its key is gone. The message never holds content or keys.</summary>
internal sealed class SealException(string message, Exception? inner = null) : Exception(message, inner);
