using System.Globalization;

namespace CanteenPay.Infra.Tests.Bicep;

/// <summary>Reckons expressions of one file, with the variables of the loops around them.</summary>
internal sealed class Evaluation(Module module, IReadOnlyDictionary<string, object?> locals)
{
    internal object? Of(Node node) => node switch
    {
        LiteralNode literal => literal.Value,
        TextNode text => Text(text),
        ArrayNode array => (List<object?>)[.. array.Items.Select(Of)],
        ObjectNode properties => properties.Properties.ToDictionary(property => Text(property.Key), property => Of(property.Value)),
        ForNode loop => (List<object?>)[.. module.Items(loop, locals).Select(item => module.Evaluate(loop.Body, item.Locals))],
        NameNode name => locals.TryGetValue(name.Name, out var value) ? value : module.Symbol(name),
        MemberNode { Target: MemberNode { Target: NameNode, Name: "outputs" } outputs } member when Of(outputs.Target) is Module called => called.Output(member.Name, member),
        MemberNode member => Member(Of(member.Target), member),
        IndexNode index => Index(Of(index.Target), Of(index.Index), index),
        CallNode call => Call(call),
        NotNode not => Truth(not.Operand) is false,
        BinaryNode binary => Binary(binary),
        ChoiceNode choice => Of(Truth(choice.Condition) ? choice.Then : choice.Otherwise),
        _ => throw module.Error(node, $"{node.GetType().Name} is not reckoned here."),
    };

    private string Text(TextNode text) => text.Parts switch
    {
        [string only] => only,
        _ => string.Concat(text.Parts.Select(part => part is Node node ? Convert.ToString(Of(node), CultureInfo.InvariantCulture) : (string)part)),
    };

    private object? Member(object? target, MemberNode node) => target switch
    {
        ResourceReference resource => resource.Member(node.Name),
        Unknown unknown => new Unknown($"{unknown.Path}.{node.Name}"),
        IReadOnlyDictionary<string, object?> properties => properties.TryGetValue(node.Name, out var value) ? value : throw module.Error(node, $"There is no {node.Name}."),
        _ => throw module.Error(node, $"{target} has no {node.Name}."),
    };

    private object? Index(object? target, object? index, Node node) => (target, index) switch
    {
        (ResourceReference resource, long i) => resource with { Index = (int)i },
        (Unknown unknown, _) => new Unknown($"{unknown.Path}[{index}]"),
        (IReadOnlyList<object?> items, long i) => items[(int)i],
        _ => throw module.Error(node, $"{target} has no {index}."),
    };

    private object? Call(CallNode call)
    {
        var arguments = call.Arguments.Select(Of).ToList();
        return call.Function switch
        {
            "concat" => (List<object?>)[.. arguments.SelectMany(list => (IReadOnlyList<object?>)list!)],
            "empty" => arguments[0] switch
            {
                "" or null => true,
                IReadOnlyList<object?> list => list.Count == 0,
                _ => false,
            },
            "union" => arguments.SelectMany(some => (IReadOnlyDictionary<string, object?>)some!).GroupBy(pair => pair.Key).ToDictionary(same => same.Key, same => same.Last().Value),
            _ => new Unknown($"{call.Function}({string.Join(", ", arguments)})"),
        };
    }

    private bool Truth(Node node) => Of(node) as bool? ?? throw module.Error(node, "This is neither true nor false.");

    private bool Binary(BinaryNode binary) => binary.Operator switch
    {
        "==" => Equals(Of(binary.Left), Of(binary.Right)),
        "!=" => !Equals(Of(binary.Left), Of(binary.Right)),
        "&&" => Truth(binary.Left) && Truth(binary.Right),
        "||" => Truth(binary.Left) || Truth(binary.Right),
        _ => throw module.Error(binary, $"'{binary.Operator}' is not reckoned here."),
    };
}
