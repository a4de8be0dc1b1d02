using System.Diagnostics;

namespace CanteenPay.DeviceAgent.Tests.Taps;

/// <summary>What the page makes of keys, some of which a reader types. The script itself is run, by node, with times of the test's own.</summary>
public sealed class Keyboard_reader
{
    private const string Rig = """
        const said = [];
        let due = null;
        const key = globalThis.canteenWedge.create({
          press: (digit) => said.push(digit), card: (number) => said.push(`card:${number}`), broken: () => said.push("broken"),
          later: (act) => (due = act), forget: () => (due = null),
        });
        const quiet = () => due?.();
        let at = 1000;
        const type = (text, each) => { for (const one of text) { at += each; key(one, at) || said.push(one === "." ? "dot" : one); } };
        const enter = (after) => { at += after; key("Enter", at) || said.push("pay"); };

        """;

    [Theory]
    [InlineData("type('04a1B2C3', 8); enter(8);", "card:04a1B2C3")]
    [InlineData("type('0012345678', 30); enter(30);", "card:0012345678")]
    [InlineData("type('0012345678', 50); enter(50);", "card:0012345678")]
    [InlineData("type('1250', 120); quiet(); enter(300);", "1 2 5 0 pay")]
    [InlineData("type('12', 40); quiet(); type('5', 200); quiet();", "1 2 5")]
    [InlineData("type('12.5', 90); quiet(); enter(40);", "1 2 dot 5 pay")]
    [InlineData("type('8', 100); at += 100; type('04A1B2C3', 8); enter(8);", "8 card:04A1B2C3")]
    [InlineData("type('04A1B2C3', 8); quiet();", "broken")]
    [InlineData("type('123456', 8); at += 200; quiet(); type('9', 100); quiet();", "broken 9")]
    [InlineData("type('012345678901234567890', 8); enter(8);", "broken")]
    [InlineData("type('12345', 8); enter(8);", "1 2 3 4 5 pay")]
    [InlineData("type('04A1B2C3', 8); enter(60);", "broken")]
    [InlineData("type('04A1B2C3', 8); quiet(); enter(200);", "broken")]
    [InlineData("type('04A1B2C3', 8); quiet(); enter(600);", "broken pay")]
    [InlineData("type('04A1B2C3', 8); enter(8); type('04A1B2C3', 8); enter(8);", "card:04A1B2C3 card:04A1B2C3")]
    public async Task A_card_is_typed_faster_than_fingers_and_its_digits_never_become_an_amount(string keys, string meant)
    {
        var script = System.Text.Encoding.UTF8.GetString(EmbeddedFile.Read("page/wedge.js")) + Rig + keys + "console.log(said.join(' '));";
        using var node = Process.Start(new ProcessStartInfo("node", ["-"]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        await node.StandardInput.WriteAsync(script);
        node.StandardInput.Close();

        (await node.StandardOutput.ReadToEndAsync()).Trim().ShouldBe(meant);
    }
}
