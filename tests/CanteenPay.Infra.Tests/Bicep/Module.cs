namespace CanteenPay.Infra.Tests.Bicep;

/// <summary>A file with values for its parameters: reckons what it declares.</summary>
internal sealed class Module(string name, BicepFile file, IReadOnlyDictionary<string, object?> parameters)
{
    private static readonly Dictionary<string, object?> NoLocals = [];

    private readonly Dictionary<string, Module> _modules = [];

    internal string Name => name;

    internal BicepFile File => file;

    /// <summary>Its own resources and those of the modules that it calls.</summary>
    internal IEnumerable<Resource> Resources() => file.Of("resource").SelectMany(Expand).Concat(file.Of("module").SelectMany(CalledBy).SelectMany(module => module.Resources()));

    internal object? Variable(string symbol) => Symbol(new NameNode(symbol, 0));

    internal Resource ResourceOf(ResourceReference reference) =>
        Expand(reference.Declaration).Single(resource => resource.Reference.Index == reference.Index);

    internal object? Symbol(NameNode node) => file.Find(node.Name) switch
    {
        { Kind: "param" } declaration => parameters.TryGetValue(node.Name, out var value)
            ? value
            : Evaluate(declaration.Value ?? throw Error(node, $"The parameter {node.Name} has no value."), NoLocals),
        { Kind: "var" } declaration => Evaluate(declaration.Value!, NoLocals),
        { Kind: "resource" } declaration => new ResourceReference(this, declaration, null),
        { Kind: "module" } declaration => Called(declaration),
        _ => throw Error(node, $"Nothing is called {node.Name}."),
    };

    internal object? Output(string output, Node at) =>
        Evaluate((file.Of("output").SingleOrDefault(declaration => declaration.Name == output) ?? throw Error(at, $"{file.Path} has no output {output}.")).Value!, NoLocals);

    internal object? Evaluate(Node node, IReadOnlyDictionary<string, object?> locals) => new Evaluation(this, locals).Of(node);

    internal BicepException Error(Node node, string message) => new(file.Path, node.Line, message);

    private Module Called(Declaration declaration)
    {
        if (_modules.TryGetValue(declaration.Name, out var known))
            return known;
        return _modules[declaration.Name] = Called(declaration, declaration.Value!, NoLocals, declaration.Name);
    }

    private Module Called(Declaration declaration, Node body, IReadOnlyDictionary<string, object?> locals, string called) => new(
        called,
        BicepFile.Read(Path.Combine(Path.GetDirectoryName(file.Path)!, declaration.Type)),
        (IReadOnlyDictionary<string, object?>)((IReadOnlyDictionary<string, object?>)Evaluate(body, locals)!)["params"]!);

    private IEnumerable<Module> CalledBy(Declaration declaration) => declaration.Value is ForNode loop
        ? Items(loop).Select(item => Called(declaration, loop.Body, item.Locals, $"{declaration.Name}[{item.Index}]"))
        : [Called(declaration)];

    private IEnumerable<Resource> Expand(Declaration declaration)
    {
        var (type, version) = declaration.Type.Split('@') is [var left, var right] ? (left, right) : throw Error(declaration.Value!, "A resource has a type and a version.");
        return declaration.Value switch
        {
            ForNode loop => Items(loop).Select(item => One(loop.Body, item.Locals, item.Index)),
            IfNode choice => Evaluate(choice.Condition, NoLocals) is true ? [One(choice.Body, NoLocals, null)] : [],
            var body => [One(body!, NoLocals, null)],
        };

        Resource One(Node body, Dictionary<string, object?> locals, int? index) =>
            new(new(this, declaration, index), type, version, (IReadOnlyDictionary<string, object?>)Evaluate(body, locals)!);
    }

    /// <summary>The items of a loop that its condition lets through.</summary>
    internal IEnumerable<(Dictionary<string, object?> Locals, int Index)> Items(ForNode loop, IReadOnlyDictionary<string, object?>? outer = null)
    {
        var items = (IReadOnlyList<object?>)Evaluate(loop.Collection, outer ?? NoLocals)!;
        for (var i = 0; i < items.Count; i++)
        {
            Dictionary<string, object?> locals = new(outer ?? NoLocals) { [loop.Item] = items[i] };
            if (loop.Index is { } index)
                locals[index] = (long)i;
            if (loop.Condition is null || Evaluate(loop.Condition, locals) is true)
                yield return (locals, i);
        }
    }
}
