using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Copies;
using CanteenPay.TableAdmin.Restoring;

namespace CanteenPay.TableAdmin.Tests.Restoring;

/// <summary>A copy that is not as it was written is refused by the name of what is wrong, and nothing of it is written.</summary>
public sealed class DamagedCopyTests
{
    private const string Part = "2026-11-23/main/Orders/00-00001.jsonl.gz", Done = "2026-11-23/main/Orders/00.done.json";

    [Fact]
    public async Task A_damaged_part()
    {
        var rig = await RestoreRig.WithACopyAsync();
        var (content, metadata) = rig.Copies.Files.All[Part];
        var bytes = content.ToArray();
        bytes[bytes.Length / 2] ^= 1;
        rig.Copies.Files.All[Part] = (BinaryData.FromBytes(bytes), metadata);

        await IsRefusedAsync(rig, Part, "SHA-256");
    }

    [Fact]
    public async Task A_part_that_was_cut_off_although_its_sum_is_right()
    {
        var rig = await RestoreRig.WithACopyAsync();
        var (content, metadata) = rig.Copies.Files.All[Part];
        var bytes = content.ToArray()[..^30];
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        rig.Copies.Files.All[Part] = (BinaryData.FromBytes(bytes), (CopyPart.Read(Part, metadata) with { Sha256 = sum }).ToMetadata());

        await IsRefusedAsync(rig, Part, "part of the copy");
    }

    [Fact]
    public async Task A_missing_part()
    {
        var rig = await RestoreRig.WithACopyAsync();
        rig.Copies.Files.All.Remove(Part);

        await IsRefusedAsync(rig, Part, "missing");
    }

    [Fact]
    public async Task A_part_of_another_slice_under_its_name()
    {
        var rig = await RestoreRig.WithACopyAsync();
        rig.Copies.Files.All[Part] = rig.Copies.Files.All["2026-11-23/main/Audit/00-00000.jsonl.gz"];
        var last = rig.Copies.Files.All.Keys.Last(name => name.StartsWith("2026-11-23/main/Orders/00-", StringComparison.Ordinal));
        rig.Copies.Files.All[last] = rig.Copies.Files.All[Part];

        await IsRefusedAsync(rig, Done, "parts of this slice");
    }

    [Fact]
    public async Task A_copy_that_is_not_complete_unless_that_is_good_enough()
    {
        var rig = await RestoreRig.WithACopyAsync();
        rig.Copies.Files.All.Remove(Done);
        await IsRefusedAsync(rig, "main/Orders/00", "--incomplete");
        var lost = rig.Copies.Files.All.Keys.Last(name => name.StartsWith("2026-11-23/main/Orders/00-", StringComparison.Ordinal));
        rig.Copies.Files.All.Remove(lost);
        var to = new InMemoryTableService();

        await rig.RunAsync("Orders --write --incomplete", to);

        var (all, there) = (await rig.LinesAsync("Orders"), await rig.LinesAsync("Orders", to));
        there.Count.ShouldBeInRange(all.Count - 7, all.Count - 1);
        there.Except(all).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-11-24", "Orders", "main", "no copy 2026-11-24")]
    [InlineData("2026-11-23", "orders", "main", "no table orders")]
    [InlineData("2026-11-23", "Orders", "second", "no table Orders of account second")]
    public async Task What_is_not_there_is_said_to_be_not_there(string copy, string table, string account, string words)
    {
        var rig = await RestoreRig.WithACopyAsync(10);
        var options = RestoreOptions.Parse([copy, table, "--account", account, "--from", "https://a", "--to", "https://a"], _ => null);

        (await Should.ThrowAsync<AdminException>(() => rig.RunAsync(options))).Message.ShouldContain(words);
    }

    private static async Task IsRefusedAsync(RestoreRig rig, params string[] words)
    {
        foreach (var arguments in (string[])["Orders", "Orders --write", "Orders --replace --yes"])
        {
            var to = new InMemoryTableService();
            var refusal = await Should.ThrowAsync<AdminException>(() => rig.RunAsync(arguments, to));
            words.ShouldAllBe(word => refusal.Message.Contains(word, StringComparison.Ordinal), refusal.Message);
            await to.GetTableClient("Orders").CreateIfNotExistsAsync();
            (await to.GetTableClient("Orders").QueryAsync<TableEntity>().CountAsync()).ShouldBe(0);
        }
    }
}
