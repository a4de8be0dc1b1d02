using Azure.Storage.Blobs;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Tests.Merchants.Documents;

namespace CanteenPay.Functions.Tests.Copies;

/// <summary>What every place for copies keeps.</summary>
public abstract class CopyFilesContract
{
    private static readonly Dictionary<string, string> Nothing = [];

    private protected abstract ICopyFiles Files { get; }

    [Fact]
    public async Task What_was_put_first_stands_with_its_metadata()
    {
        var part = new CopyPart(7, new string('a', 64), new("王四 'eq' ", "ÿ\u2028 \t"));
        (await Files.TryPutAsync("first/a", BinaryData.FromString("one"), part.ToMetadata(), CancellationToken.None)).ShouldBeTrue();

        (await Files.TryPutAsync("first/a", BinaryData.FromString("two"), Nothing, CancellationToken.None)).ShouldBeFalse();

        (await Files.ReadAsync("first/a", CancellationToken.None))!.ToString().ShouldBe("one");
        CopyPart.Read("first/a", (await Files.FindAsync("first/a", CancellationToken.None))!).ShouldBe(part);
    }

    [Fact]
    public async Task What_is_not_there_is_nothing()
    {
        (await Files.ReadAsync("nothing/a", CancellationToken.None)).ShouldBeNull();
        (await Files.FindAsync("nothing/a", CancellationToken.None)).ShouldBeNull();
        (await Files.ListAsync("nothing/", CancellationToken.None).CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_list_has_the_names_that_begin_so_in_their_order_with_metadata()
    {
        foreach (var name in (string[])["list/b", "list/a", "list/B/c", "listed"])
            await Files.TryPutAsync(name, BinaryData.FromString(name), new Dictionary<string, string> { ["rows"] = $"{name.Length}" }, CancellationToken.None);

        var found = await Files.ListAsync("list/", CancellationToken.None).Select(file => $"{file.Name} {file.Metadata["rows"]}").ToListAsync();

        found.ShouldBe(["list/B/c 8", "list/a 6", "list/b 6"]);
    }
}

public sealed class Memory_keeps_the_contract_of_copies : CopyFilesContract
{
    private protected override ICopyFiles Files { get; } = new MemoryCopies();
}

[Collection(PaperOfficeCollection.Name)]
public sealed class Azurite_keeps_the_contract_of_copies(PaperOffice office) : CopyFilesContract
{
    private protected override ICopyFiles Files { get; } = new CopyBlobs(new BlobServiceClient(office.Azurite.ConnectionString));
}
