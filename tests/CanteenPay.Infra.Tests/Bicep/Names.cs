namespace CanteenPay.Infra.Tests.Bicep;

/// <summary>What a compiler would say of names, since none is at hand: what is used is declared, what is declared is used, and a module gets what it asks for.</summary>
internal static class Names
{
    /// <summary>The functions that our files use; each is one of Bicep's.</summary>
    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "concat", "empty", "environment", "guid", "resourceGroup", "resourceId", "split", "subscription", "subscriptionResourceId", "union", "uniqueString",
    };

    private static readonly HashSet<string> Decorators = new(StringComparer.Ordinal) { "allowed", "description", "maxValue", "minLength", "minValue" };

    internal static IEnumerable<string> Faults(BicepFile file)
    {
        HashSet<string> used = new(StringComparer.Ordinal);
        List<string> faults = [];
        foreach (var twice in file.Declarations.Where(d => d.Kind is not "output").GroupBy(d => d.Name).Where(same => same.Count() > 1))
            faults.Add($"{twice.Key} is declared twice.");
        foreach (var declaration in file.Declarations)
        {
            faults.AddRange(declaration.Decorators.Where(decorator => !Decorators.Contains(decorator.Function))
                .Select(decorator => $"{decorator.Line}: @{decorator.Function} is no decorator."));
            if (declaration.Value is { } value)
                Walk(value, []);
        }

        faults.AddRange(file.Declarations.Where(d => d.Kind is "param" or "var" && !used.Contains(d.Name)).Select(d => $"{d.Line}: {d.Kind} {d.Name} is not used."));
        faults.AddRange(file.Of("module").SelectMany(call => ModuleFaults(file, call)));
        return faults.Select(fault => $"{Path.GetFileName(file.Path)}: {fault}");

        void Walk(Node node, string[] loops)
        {
            switch (node)
            {
                case NameNode name when loops.Contains(name.Name):
                    break;
                case NameNode name when file.Find(name.Name) is null:
                    faults.Add($"{name.Line}: nothing is called {name.Name}.");
                    break;
                case NameNode name:
                    used.Add(name.Name);
                    break;
                case CallNode call when !Functions.Contains(call.Function):
                    faults.Add($"{call.Line}: {call.Function}() is none of the functions that are used here.");
                    break;
                case ForNode loop:
                    Walk(loop.Collection, loops);
                    string[] inner = loop.Index is { } index ? [.. loops, loop.Item, index] : [.. loops, loop.Item];
                    if (loop.Condition is { } condition)
                        Walk(condition, inner);
                    Walk(loop.Body, inner);
                    return;
            }

            foreach (var child in Children(node))
                Walk(child, loops);
        }
    }

    /// <summary>Every name in an expression.</summary>
    internal static IEnumerable<string> In(Node node) => node is NameNode name ? [name.Name] : Children(node).SelectMany(In);

    private static IEnumerable<string> ModuleFaults(BicepFile file, Declaration call)
    {
        var path = Path.Combine(Path.GetDirectoryName(file.Path)!, call.Type);
        if (!File.Exists(path))
            return [$"{call.Line}: there is no {call.Type}."];
        var body = call.Value is ForNode loop ? loop.Body : call.Value;
        var given = body is ObjectNode { Properties: var properties } && properties.FirstOrDefault(property => property.Key.Parts is ["params"]).Value is ObjectNode parameters
            ? parameters.Properties.Select(property => (string)property.Key.Parts[0]).ToHashSet()
            : [];
        var asked = BicepFile.Read(path).Of("param").ToList();
        return
        [
            .. given.Except(asked.Select(parameter => parameter.Name)).Select(name => $"{call.Line}: {call.Type} has no parameter {name}."),
            .. asked.Where(parameter => parameter.Value is null && !given.Contains(parameter.Name)).Select(parameter => $"{call.Line}: {call.Type} is not given {parameter.Name}."),
        ];
    }

    private static IEnumerable<Node> Children(Node node) => node switch
    {
        TextNode text => text.Parts.OfType<Node>(),
        ArrayNode array => array.Items,
        ObjectNode properties => properties.Properties.SelectMany(property => new[] { property.Key, property.Value }),
        IfNode choice => [choice.Condition, choice.Body],
        MemberNode member => [member.Target],
        IndexNode index => [index.Target, index.Index],
        CallNode call => call.Arguments,
        NotNode not => [not.Operand],
        BinaryNode binary => [binary.Left, binary.Right],
        ChoiceNode choice => [choice.Condition, choice.Then, choice.Otherwise],
        _ => [],
    };
}
