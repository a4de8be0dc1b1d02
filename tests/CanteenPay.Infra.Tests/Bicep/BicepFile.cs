namespace CanteenPay.Infra.Tests.Bicep;

/// <summary>A file of Bicep: what it declares, in order.</summary>
internal sealed class BicepFile
{
    private BicepFile(string path, IReadOnlyList<Declaration> declarations) => (Path, Declarations) = (path, declarations);

    internal string Path { get; }

    internal IReadOnlyList<Declaration> Declarations { get; }

    internal IEnumerable<Declaration> Of(string kind) => Declarations.Where(declaration => declaration.Kind == kind);

    internal Declaration? Find(string symbol) => Declarations.FirstOrDefault(declaration => declaration.Kind is not ("output" or "targetScope") && declaration.Name == symbol);

    internal static BicepFile Read(string path) => Parse(path, File.ReadAllText(path));

    /// <exception cref="BicepException">It is not what we take for Bicep.</exception>
    internal static BicepFile Parse(string path, string text)
    {
        Scanner scanner = new(path, text);
        Parser parser = new(scanner);
        List<Declaration> declarations = [];
        while (true)
        {
            scanner.Skip(lines: true);
            if (scanner.AtEnd)
                return new(path, declarations);
            declarations.Add(Next(scanner, parser));
            scanner.ExpectLineEnd();
        }
    }

    private static Declaration Next(Scanner scanner, Parser parser)
    {
        List<CallNode> decorators = [];
        while (scanner.Take("@"))
        {
            decorators.Add(parser.Expression() as CallNode ?? throw scanner.Error("A decorator is a call."));
            scanner.ExpectLineEnd();
            scanner.Skip(lines: true);
        }

        var line = scanner.Line;
        var kind = scanner.Word();
        switch (kind)
        {
            case "targetScope":
                scanner.Expect("=");
                return new(kind, kind, "", parser.Expression(), decorators, line);
            case "var":
                var name = scanner.Word();
                scanner.Expect("=");
                return new(kind, name, "", parser.Expression(), decorators, line);
            case "param":
                return new(kind, scanner.Word(), scanner.Word(), Default(scanner, parser), decorators, line);
            case "output":
                return new(kind, scanner.Word(), scanner.Word(), Default(scanner, parser), decorators, line);
            case "resource" or "module":
                var symbol = scanner.Word();
                var type = parser.Text().Parts is [string only] ? only : throw scanner.Error("A type is a plain text.");
                scanner.Expect("=");
                return new(kind, symbol, type, parser.Body(), decorators, line);
            default:
                throw scanner.Error($"'{kind}' declares nothing that is read here.");
        }
    }

    private static Node? Default(Scanner scanner, Parser parser)
    {
        scanner.Skip(lines: false);
        return scanner.Take("=") ? parser.Expression() : null;
    }
}
