namespace CanteenPay.Functions.Merchants.Identifiers;

/// <summary>What the rules of an identifier say of a text.</summary>
/// <param name="Text">The identifier as it is kept: no spaces, letters in upper case, digits of half width.</param>
internal abstract record IdentifierCheck(string Text)
{
    /// <summary>It can be one.</summary>
    public sealed record Valid(string Text) : IdentifierCheck(Text);

    /// <summary>By the rules it cannot be one, but real ones like it are known: somebody must look at the paper.</summary>
    /// <param name="Text">The identifier as it is kept.</param>
    /// <param name="Why">What does not fit, in words for people, Chinese first.</param>
    public sealed record Doubtful(string Text, string Why) : IdentifierCheck(Text);

    /// <summary>It cannot be one.</summary>
    /// <param name="Text">The text without spaces.</param>
    /// <param name="Why">What does not fit, in words for people, Chinese first. It never repeats the text.</param>
    public sealed record Invalid(string Text, string Why) : IdentifierCheck(Text);
}
