namespace CanteenPay.Azure.Functions;

/// <summary>The app declares functions that must not be deployed. <see cref="Errors"/> holds one sentence for each mistake.</summary>
public sealed class FunctionDefinitionException(IReadOnlyList<string> errors) : InvalidOperationException(string.Join(Environment.NewLine, errors))
{
    /// <summary>One sentence for each mistake.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
