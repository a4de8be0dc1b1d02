namespace CanteenPay.LocalCloud.Host;

/// <summary>The function app cannot be run; the message names the file or setting and what to do.</summary>
internal sealed class FunctionsHostException(string message, Exception? inner = null) : Exception(message, inner);
