using System.Text.Json;

namespace CanteenPay.Infra.Tests;

/// <summary>Files of the checkout.</summary>
internal static class Checkout
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    internal static string Root { get; } = Find();

    internal static string PathOf(string file) => Path.Combine(Root, file);

    internal static string Text(string file) => File.ReadAllText(PathOf(file));

    internal static JsonElement Json(string file)
    {
        using var document = JsonDocument.Parse(Text(file), WithComments);
        return document.RootElement.Clone();
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CanteenPay.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("CanteenPay.sln is in no folder above the tests.");
    }
}
