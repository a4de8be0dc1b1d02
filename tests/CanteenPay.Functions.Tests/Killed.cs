using System.Globalization;

namespace CanteenPay.Functions.Tests;

/// <summary>The process is gone: nothing after this point ran.</summary>
internal sealed class Killed(string after) : Exception(string.Create(CultureInfo.InvariantCulture, $"killed after {after}"));
