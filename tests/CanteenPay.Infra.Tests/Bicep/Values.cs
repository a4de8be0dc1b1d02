namespace CanteenPay.Infra.Tests.Bicep;

/// <summary>Something that only Azure knows, such as an address; its path says which.</summary>
internal sealed record Unknown(string Path)
{
    public override string ToString() => $"«{Path}»";
}

/// <summary>A resource, or one of a loop's, as another one refers to it.</summary>
internal sealed record ResourceReference(Module Module, Declaration Declaration, int? Index)
{
    /// <summary>What is known of it: its name, and from there on what Azure will know.</summary>
    internal object? Member(string name) => name == "name" ? Module.ResourceOf(this).Name : new Unknown($"{this}.{name}");

    public override string ToString() => $"{Module.Name}/{Declaration.Name}{(Index is { } index ? $"[{index}]" : "")}";
}

/// <summary>A resource as it would be deployed.</summary>
/// <param name="Reference">Where it is declared.</param>
/// <param name="Type">Without its version.</param>
/// <param name="Version">The version of the interface.</param>
/// <param name="Body">Its properties, as far as they are known before a deployment.</param>
internal sealed record Resource(ResourceReference Reference, string Type, string Version, IReadOnlyDictionary<string, object?> Body)
{
    internal string Name => Body["name"]?.ToString() ?? "";

    /// <summary>The resource that it is below or about, if any.</summary>
    internal ResourceReference? Scope => (Body.GetValueOrDefault("scope") ?? Body.GetValueOrDefault("parent")) as ResourceReference;

    /// <summary>A value below <c>properties</c>, by its path with dots; null when there is none.</summary>
    internal object? Property(string path)
    {
        object? value = Body.GetValueOrDefault("properties");
        foreach (var name in path.Split('.'))
            value = (value as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault(name);
        return value;
    }

    internal string Text(string path) => Property(path)?.ToString() ?? "";

    internal IReadOnlyList<object?> List(string path) => Property(path) as IReadOnlyList<object?> ?? [];

    public override string ToString() => $"{Type} '{Name}' ({Reference})";
}
