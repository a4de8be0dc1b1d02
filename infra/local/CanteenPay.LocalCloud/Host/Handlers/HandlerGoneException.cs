namespace CanteenPay.LocalCloud.Host.Handlers;

/// <summary>There is no handler and will be none until this host is started again; the message says why.</summary>
internal sealed class HandlerGoneException(string message) : Exception(message);
