namespace CanteenPay.Settle;

/// <summary>It cannot be done, and whoever asked can do something about it.</summary>
internal sealed class SettleException(string message) : Exception(message);
