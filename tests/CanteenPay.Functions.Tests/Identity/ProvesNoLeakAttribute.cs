namespace CanteenPay.Functions.Tests.Identity;

/// <summary>
/// The test asks an endpoint that keeps to one's own by itself (<c>Owner.Listed</c>) as somebody to whom only a part belongs, and looks that nothing of the other part
/// is in the answer, or done.
/// </summary>
/// <param name="endpoint">Method and path, as the table in the README of Identity names it.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ProvesNoLeakAttribute(string endpoint) : Attribute
{
    public string Endpoint { get; } = endpoint;
}
