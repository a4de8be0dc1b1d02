using System.Globalization;
using System.Text;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Azure.Tests.Tables;

/// <summary>What copies are made of: a row and its line say the same, with every type and whatever text.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class A_row_as_text(Azurite azurite)
{
    private static readonly string[] Hostile =
        ["", " ", "\n", "\r\n", "\u2028\u2029\u0085", "\0\u0001\u001f\u007f", "\"},{\"", "\\u0041", "王芳🍚", "e\u0301", "'; or 1 eq 1", "PartitionKey", "2026-11-23T01:30:00Z", "Edm.Int64", "null", new('界', 32 * 1024)];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements(Hostile),
        // Any text that is one: half a character is not, and the service has none.
        ArbMap.Default.GeneratorFor<string>().Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""))));

    private static readonly Gen<object> Values = Gen.OneOf(
        Texts.Select(object (text) => text),
        ArbMap.Default.GeneratorFor<int>().Select(object (number) => number),
        Gen.Elements<object>(0, int.MinValue, int.MaxValue, 0L, 1L, long.MinValue, long.MaxValue, true, false, Guid.Empty, Guid.AllBitsSet),
        Gen.Elements<object>(0.0, 1.0, -1.0, 5e-324, double.MaxValue, double.MinValue, 0.1, 1e21, 9007199254740993.0),
        ArbMap.Default.GeneratorFor<long>().Select(object (number) => number),
        ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(object (number) => number),
        ArbMap.Default.GeneratorFor<Guid>().Select(object (guid) => guid),
        Gen.Choose(0, int.MaxValue).Select(object (seed) => new DateTimeOffset(new Random(seed).NextInt64(new DateTime(1601, 1, 1).Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero)),
        ArbMap.Default.GeneratorFor<byte[]>().Select(object (bytes) => BinaryData.FromBytes(bytes ?? [])),
        Gen.Constant<object>(BinaryData.FromBytes(new byte[64 * 1024])));

    private static readonly Gen<string> Names = Gen.Elements("a", "A", "_", "Fen", "名字", "odata", "Name1", "value", "type", "Étage", "partitionKey");

    private static readonly Gen<TableEntity> Rows = from partition in Keys()
                                                    from row in Keys()
                                                    from names in Names.ListOf()
                                                    from values in Values.ListOf(20)
                                                    select Row(partition, row, names.Distinct().Zip(values));

    [Fact]
    public void Every_row_comes_back_with_its_types() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Rows.ToArbitrary(), row =>
    {
        var line = RowText.Write(row);
        var back = RowText.Read(line);
        return !line.AsSpan().ContainsAny((byte)'\n', (byte)'\r')
            && RowText.AreEqual(row, back) && RowText.AreEqual(back, row)
            && back.All(pair => pair.Value.GetType() == row[pair.Key]!.GetType())
            && RowText.Write(back).AsSpan().SequenceEqual(line);
    }));

    [Fact]
    public void Equal_texts_of_other_types_are_other_rows()
    {
        object[] sevens = ["7", 7, 7L, 7.0, true, BinaryData.FromString("7")];
        foreach (var one in sevens)
        {
            foreach (var other in sevens)
                RowText.AreEqual(Row("p", "r", [("Fen", one)]), Row("p", "r", [("Fen", other)])).ShouldBe(ReferenceEquals(one, other), $"{one.GetType().Name} and {other.GetType().Name}");
        }

        RowText.AreEqual(Row("p", "r", [("a", "1")]), Row("p", "r", [("A", "1")])).ShouldBeFalse("names differ by case");
        RowText.AreEqual(Row("p", "r", [("a", 1)]), Row("p", "r", [("a", 1), ("b", 1)])).ShouldBeFalse();
        RowText.AreEqual(Row("p", "r", []), Row("p", "R", [])).ShouldBeFalse();
        RowText.AreEqual(Row("p", "r", []), Row("P", "r", [])).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"PartitionKey":"p"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":null}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":7}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"a/b"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r"}{}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a":[1]}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a b":1}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a@odata.type":"Edm.Money","a":"1"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a@odata.type":"Edm.Int64","a":"1.5"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a@odata.type":"Edm.Int64","a":"99999999999999999999"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a@odata.type":"Edm.Int64","a":1}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a@odata.type":"Edm.Guid","a":"x"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a@odata.type":"Edm.Binary","a":"!"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a@odata.type":"Edm.DateTime","a":"yesterday"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"r","a@odata.type":7,"a":"1"}""")]
    [InlineData("""{"PartitionKey":"p","RowKey":"\ud800"}""")]
    public void What_is_no_row_is_said_to_be_none(string line) => Should.Throw<FormatException>(() => RowText.Read(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public async Task The_service_takes_a_row_back_as_it_was()
    {
        // Azurite counts otherwise what a value takes, and refuses the longest.
        var rows = Rows.Where(row => RowText.Write(row).Length < 20_000).Sample(60).Select((row, number) => Row("back", number.ToString("D3", CultureInfo.InvariantCulture), row.Select(pair => (pair.Key, pair.Value)))).ToList();
        foreach (var service in new TableServiceClient[] { azurite.Service(), new InMemoryTableService() })
        {
            var table = service.GetTableClient($"Text{Guid.NewGuid():N}");
            await table.CreateIfNotExistsAsync();
            foreach (var row in rows)
                await table.AddEntityAsync(RowText.Read(RowText.Write(row)));

            var stored = await table.QueryAsync<TableEntity>().ToListAsync();

            stored.Count.ShouldBe(rows.Count);
            foreach (var (row, there) in rows.Zip(stored))
                RowText.AreEqual(row, there).ShouldBeTrue(Encoding.UTF8.GetString(RowText.Write(row)));
        }
    }

    private static Gen<string> Keys() => Texts.Select(text => string.Concat(text.Where(c => !char.IsControl(c) && c is not ('/' or '\\' or '#' or '?')).Take(100)))
        .Where(key => !char.IsHighSurrogate(key.Length > 0 ? key[^1] : 'a'));

    private static TableEntity Row(string partition, string row, IEnumerable<(string Name, object Value)> properties)
    {
        var entity = new TableEntity(partition, row);
        foreach (var (name, value) in properties)
            entity[name] = value;
        return entity;
    }
}
