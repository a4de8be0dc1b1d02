namespace CanteenPay.TableAdmin;

/// <summary>Something that whoever gave the command can mend; its message is shown as it is.</summary>
internal sealed class AdminException(string message) : Exception(message);
