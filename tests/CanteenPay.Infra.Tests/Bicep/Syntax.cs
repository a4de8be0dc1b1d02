namespace CanteenPay.Infra.Tests.Bicep;

/// <summary>An expression of Bicep, as far as our files use the language.</summary>
internal abstract record Node(int Line);

/// <summary>true, false, null or a number.</summary>
internal sealed record LiteralNode(object? Value, int Line) : Node(Line);

/// <summary>A text; its parts are <see cref="string"/> or <see cref="Node"/>.</summary>
internal sealed record TextNode(IReadOnlyList<object> Parts, int Line) : Node(Line);

internal sealed record ArrayNode(IReadOnlyList<Node> Items, int Line) : Node(Line);

internal sealed record ObjectNode(IReadOnlyList<(TextNode Key, Node Value)> Properties, int Line) : Node(Line);

/// <summary><c>[for item in items: …]</c>, <c>[for (item, index) in items: if (…) …]</c>.</summary>
internal sealed record ForNode(string Item, string? Index, Node Collection, Node? Condition, Node Body, int Line) : Node(Line);

/// <summary><c>if (…) {…}</c> of a resource.</summary>
internal sealed record IfNode(Node Condition, Node Body, int Line) : Node(Line);

internal sealed record NameNode(string Name, int Line) : Node(Line);

internal sealed record MemberNode(Node Target, string Name, int Line) : Node(Line);

internal sealed record IndexNode(Node Target, Node Index, int Line) : Node(Line);

internal sealed record CallNode(string Function, IReadOnlyList<Node> Arguments, int Line) : Node(Line);

internal sealed record NotNode(Node Operand, int Line) : Node(Line);

internal sealed record BinaryNode(string Operator, Node Left, Node Right, int Line) : Node(Line);

internal sealed record ChoiceNode(Node Condition, Node Then, Node Otherwise, int Line) : Node(Line);

/// <summary>What a file declares.</summary>
/// <param name="Kind">targetScope, param, var, resource, module or output.</param>
/// <param name="Name">Its symbol.</param>
/// <param name="Type">Of a param or output its type, of a resource <c>type@version</c>, of a module its path.</param>
/// <param name="Value">Null for a param without a default.</param>
/// <param name="Decorators">Calls such as <c>@description('…')</c>.</param>
/// <param name="Line">Where it stands.</param>
internal sealed record Declaration(string Kind, string Name, string Type, Node? Value, IReadOnlyList<CallNode> Decorators, int Line);

/// <summary>A file is not what our reader takes for Bicep: either it is wrong, or it uses more of the language than we read.</summary>
internal sealed class BicepException(string file, int line, string message) : Exception($"{file}({line}): {message}");
