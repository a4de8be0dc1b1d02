using System.Text;

namespace CanteenPay.Infra.Tests.Bicep;

/// <summary>Reads expressions. What it does not know it refuses, so that nothing of a file is overlooked.</summary>
internal sealed class Parser(Scanner scanner)
{
    private static readonly string[][] Operators = [["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"], ["+"], ["*", "%"]];

    /// <summary>A value up to the end of its line or what closes it.</summary>
    internal Node Expression()
    {
        var condition = Binary(0);
        scanner.Skip(lines: false);
        var line = scanner.Line;
        if (!scanner.Take("?"))
            return condition;
        var then = Expression();
        scanner.Expect(":");
        return new ChoiceNode(condition, then, Expression(), line);
    }

    /// <summary>A value of a resource or module: perhaps behind an <c>if</c>.</summary>
    internal Node Body()
    {
        scanner.Skip(lines: false);
        var line = scanner.Line;
        return Condition() is { } condition ? new IfNode(condition, Expression(), line) : Expression();
    }

    internal TextNode Text()
    {
        scanner.Skip(lines: false);
        var line = scanner.Line;
        if (scanner.Looks("'''"))
            throw scanner.Error("Texts over several lines are not read here.");
        scanner.Expect("'");
        List<object> parts = [];
        var literal = new StringBuilder();
        while (!scanner.Take("'"))
        {
            if (scanner.Take("${"))
            {
                Close();
                parts.Add(Expression());
                scanner.Expect("}");
            }
            else
            {
                literal.Append(Character());
            }
        }

        Close();
        return new(parts, line);

        void Close()
        {
            if (literal.Length > 0)
                parts.Add(literal.ToString());
            literal.Clear();
        }
    }

    private char Character()
    {
        var character = scanner.Next();
        if (character is '\r' or '\n')
            throw scanner.Error("A text is not closed on its line.");
        if (character != '\\')
            return character;
        return scanner.Next() switch
        {
            'n' => '\n',
            't' => '\t',
            var escaped and ('\\' or '\'' or '$') => escaped,
            var other => throw scanner.Error($"'\\{other}' is no escape."),
        };
    }

    private Node Binary(int level)
    {
        if (level == Operators.Length)
            return Unary();
        var left = Binary(level + 1);
        while (true)
        {
            scanner.Skip(lines: false);
            var line = scanner.Line;
            if (Operators[level].FirstOrDefault(scanner.Take) is not { } mark)
                return left;
            left = new BinaryNode(mark, left, Binary(level + 1), line);
        }
    }

    private Node Unary()
    {
        scanner.Skip(lines: false);
        var line = scanner.Line;
        if (!scanner.Looks("!=") && scanner.Take("!"))
            return new NotNode(Unary(), line);
        var value = Primary();
        while (true)
        {
            if (scanner.Take("."))
            {
                value = new MemberNode(value, scanner.Word(), line);
            }
            else if (scanner.Take("["))
            {
                value = new IndexNode(value, Expression(), line);
                scanner.Expect("]");
            }
            else
            {
                return value;
            }
        }
    }

    private Node Primary()
    {
        var line = scanner.Line;
        if (scanner.Looks("'"))
            return Text();
        if (scanner.Take("["))
            return Array(line);
        if (scanner.Take("{"))
            return Object(line);
        if (scanner.Take("("))
        {
            var inner = Expression();
            scanner.Expect(")");
            return inner;
        }

        if (scanner.LooksLikeNumber())
            return new LiteralNode(scanner.Number(), line);
        var word = scanner.Word();
        return word switch
        {
            "true" => new LiteralNode(true, line),
            "false" => new LiteralNode(false, line),
            "null" => new LiteralNode(null, line),
            _ => scanner.Take("(") ? new CallNode(word, Arguments(), line) : new NameNode(word, line),
        };
    }

    private List<Node> Arguments()
    {
        List<Node> arguments = [];
        scanner.Skip(lines: false);
        while (!scanner.Take(")"))
        {
            if (arguments.Count > 0)
                scanner.Expect(",");
            arguments.Add(Expression());
            scanner.Skip(lines: false);
        }

        return arguments;
    }

    private Node Array(int line)
    {
        scanner.Skip(lines: true);
        if (scanner.TakeWord("for"))
            return For(line);
        List<Node> items = [];
        while (!scanner.Take("]"))
        {
            items.Add(Expression());
            Separator("]");
        }

        return new ArrayNode(items, line);
    }

    private ForNode For(int line)
    {
        string item;
        string? index = null;
        scanner.Skip(lines: false);
        if (scanner.Take("("))
        {
            item = scanner.Word();
            scanner.Expect(",");
            index = scanner.Word();
            scanner.Expect(")");
        }
        else
        {
            item = scanner.Word();
        }

        scanner.Skip(lines: false);
        if (!scanner.TakeWord("in"))
            throw scanner.Error("'in' is missing.");
        var collection = Expression();
        scanner.Expect(":");
        scanner.Skip(lines: false);
        var condition = Condition();
        var body = Expression();
        scanner.Skip(lines: true);
        scanner.Expect("]");
        return new(item, index, collection, condition, body, line);
    }

    private Node? Condition()
    {
        if (!scanner.TakeWord("if"))
            return null;
        scanner.Expect("(");
        var condition = Expression();
        scanner.Expect(")");
        scanner.Skip(lines: false);
        return condition;
    }

    private ObjectNode Object(int line)
    {
        List<(TextNode, Node)> properties = [];
        scanner.Skip(lines: true);
        while (!scanner.Take("}"))
        {
            var key = scanner.Looks("'") ? Text() : new TextNode([scanner.Word()], scanner.Line);
            scanner.Expect(":");
            properties.Add((key, Expression()));
            Separator("}");
        }

        return new(properties, line);
    }

    /// <summary>Between two items stands a comma or the end of a line.</summary>
    private void Separator(string close)
    {
        scanner.Skip(lines: false);
        if (!scanner.Take(",") && !scanner.Looks(close))
            scanner.ExpectLineEnd();
        scanner.Skip(lines: true);
    }
}
