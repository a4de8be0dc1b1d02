using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.Tests.Tables;

public sealed class What_a_row_holds
{
    [Fact]
    public void A_copy_and_the_row_it_was_made_of_are_changed_each_for_itself()
    {
        var row = new TableEntity("p", "r") { ["Fen"] = 7L, ["Name"] = "王芳" };
        var copy = row.Stored(new ETag("W/\"1\""), DateTimeOffset.UnixEpoch);
        var other = row.Stored(new ETag("W/\"2\""), DateTimeOffset.UnixEpoch);

        copy["Fen"] = 8L;
        row["Fen"] = 9L;
        other.Remove("Name").ShouldBeTrue();

        (row.GetInt64("Fen"), copy.GetInt64("Fen"), other.GetInt64("Fen")).ShouldBe((9, 8, 7));
        (row.GetString("Name"), copy.GetString("Name"), other.GetString("Name")).ShouldBe(("王芳", "王芳", null));
    }

    [Fact]
    public void No_transaction_is_longer_than_the_bound_that_spares_its_text()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            List<TableTransactionAction> actions = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new TableTransactionAction(TableTransactionActionType.Add, Row(random)))];

            TransactionBody.MostBytes(actions).ShouldBeGreaterThanOrEqualTo(TransactionBody.Size(actions), $"seed {seed}");
        }
    }

    private static TableEntity Row(Random random)
    {
        var row = new TableEntity(Letters(random, 40), Letters(random, 40));
        for (var i = random.Next(8); i > 0; i--)
        {
            row[Letters(random, 30) + i] = random.Next(8) switch
            {
                0 => random.NextInt64(),
                1 => random.Next(),
                2 => random.NextDouble() * double.MaxValue,
                3 => random.Next(2) == 0,
                4 => DateTimeOffset.MaxValue,
                5 => Guid.NewGuid(),
                6 => BinaryData.FromBytes(new byte[random.Next(200)]),
                // Every kind of character: such as are escaped, of two, three and four bytes, and half ones.
                _ => new string([.. Enumerable.Range(0, random.Next(200)).Select(_ => (char)random.Next(char.MaxValue + 1))]),
            };
        }

        return row;
    }

    private static string Letters(Random random, int most) => new('n', random.Next(1, most));
}
