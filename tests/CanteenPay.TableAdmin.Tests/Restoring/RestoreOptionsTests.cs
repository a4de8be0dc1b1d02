using CanteenPay.TableAdmin.Restoring;

namespace CanteenPay.TableAdmin.Tests.Restoring;

/// <summary>What is typed at 3 a.m.: half of it is refused in words, none of it is guessed.</summary>
public sealed class RestoreOptionsTests
{
    private const string Good = "2026-11-23 Orders --from https://b --to https://t";

    [Fact]
    public void By_default_nothing_is_written()
    {
        var options = Parse(Good);

        (options.Mode, options.Account, options.Range, options.MayBeIncomplete, options.IsSure).ShouldBe((SinkMode.Look, "main", RowRange.All, false, false));
        (Parse($"{Good} --write").Mode, Parse($"{Good} --replace").Mode).ShouldBe((SinkMode.AddMissing, SinkMode.Replace));
        Parse($"{Good} --partition 20261122").Range.ShouldBe(RowRange.Partition("20261122"));
    }

    [Fact]
    public void A_connection_string_stands_in_an_environment_variable_and_never_in_the_command() =>
        RestoreOptions.Parse("2026-11-23T0312 Orders --from BLOBS --to TABLES".Split(' '), name => name is "BLOBS" or "TABLES" ? $"UseDevelopmentStorage={name}" : null)
            .ShouldSatisfyAllConditions(options => options.From.ShouldBe("UseDevelopmentStorage=BLOBS"), options => options.To.ShouldBe("UseDevelopmentStorage=TABLES"));

    [Theory]
    [InlineData("", "Usage")]
    [InlineData("2026-11-23 --from https://b --to https://t", "Usage")]
    [InlineData("2026-11-23 Orders Cards --from https://b --to https://t", "Usage")]
    [InlineData("2026-11-23 Orders --from https://b", "Usage")]
    [InlineData("2026-11-23 Orders --from https://b --to", "--to")]
    [InlineData("yesterday Orders --from https://b --to https://t", "yesterday")]
    [InlineData("../documents Orders --from https://b --to https://t", "../documents")]
    [InlineData(Good + " --write --replace", "not both")]
    [InlineData(Good + " --merchant CCCCCCCC --partition x", "not both")]
    [InlineData(Good + " --merchant cafe", "cafe")]
    [InlineData(Good + " --write --write", "--write")]
    [InlineData(Good + " --force", "--force")]
    [InlineData("2026-11-23 Orders --from http://b --to https://t", "http://b")]
    [InlineData("2026-11-23 Orders --from NOTHING --to https://t", "NOTHING")]
    public void What_cannot_be_meant_is_refused(string typed, string word) => Should.Throw<AdminException>(() => Parse(typed)).Message.ShouldContain(word);

    [Fact]
    public async Task Rows_are_set_back_only_by_whoever_types_the_words()
    {
        var rig = await RestoreRig.WithACopyAsync(30);
        var row = (await rig.RowsAsync("Orders"))[0];
        await rig.SpoilAsync("Orders", row, "Fen", 1L);
        var before = await rig.LinesAsync("Orders");

        (await Should.ThrowAsync<AdminException>(() => rig.RunAsync("Orders --replace"))).Message.ShouldContain("--yes");
        (await Should.ThrowAsync<AdminException>(() => rig.RunAsync("Orders --replace", ask: _ => "yes"))).Message.ShouldContain("Not confirmed");
        (await rig.LinesAsync("Orders")).ShouldBe(before);

        await rig.RunAsync("Orders --replace", ask: words => words.Contains("lost", StringComparison.Ordinal) ? "replace Orders" : "");
        (await rig.LinesAsync("Orders")).ShouldNotBe(before);
    }

    private static RestoreOptions Parse(string typed) => RestoreOptions.Parse(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries), _ => null);
}
