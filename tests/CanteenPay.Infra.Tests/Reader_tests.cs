using CanteenPay.Infra.Tests.Bicep;

namespace CanteenPay.Infra.Tests;

/// <summary>Our reader is the only compiler here: it must refuse what it does not understand, and reckon what it does.</summary>
public sealed class Reader_tests
{
    [Theory]
    [InlineData("var a = {\n  b: 'c'\n")]
    [InlineData("var a = [\n  'b'\n}\n")]
    [InlineData("var a = 'b\n'\n")]
    [InlineData("var a = 1 2\n")]
    [InlineData("var a = b ?? c\n")]
    [InlineData("var a = '''b'''\n")]
    [InlineData("var a = 'b\\c'\n")]
    [InlineData("variable a = 1\n")]
    [InlineData("resource a 'b@1' existing = {}\n")]
    public void What_is_no_Bicep_that_it_reads_is_refused(string text) => Should.Throw<BicepException>(() => BicepFile.Parse("a.bicep", text));

    [Theory]
    [InlineData("var a = [for (x, i) in ['b', 'c']: '${x}${i}']\n", "b0,c1")]
    [InlineData("var a = [for x in [{ n: 'b', y: true }, { n: 'c', y: false }]: if (x.y) x.n]\n", "b")]
    [InlineData("var a = concat(empty('') ? ['b'] : [], [\n  'c' // said\n  'd'\n])\n", "b,c,d")]
    [InlineData("var b = { c: 'd' }\nvar a = ['\\${x} ${b.c}', !true || 1 == 1 ? 'e' : 'f']\n", "${x} d,e")]
    public void Texts_loops_and_choices_are_reckoned(string text, string expected)
    {
        var module = new Module("a", BicepFile.Parse("a.bicep", text), new Dictionary<string, object?>());

        string.Join(',', (IReadOnlyList<object?>)module.Variable("a")!).ShouldBe(expected);
    }

    [Fact]
    public void Names_that_are_wrong_are_found()
    {
        var file = BicepFile.Parse(Checkout.PathOf("infra/a.bicep"), """
            param unused string
            var used = missing
            @surely('x')
            output o string = used
            resource r 'T@1' = [for x in used: {
              name: guess(x)
            }]
            module m 'modules/host.bicep' = {
              params: {
                location: 'x'
                colour: 'red'
              }
            }
            module n 'modules/none.bicep' = {
              params: {}
            }

            """.ReplaceLineEndings("\n"));

        var faults = string.Join('\n', Names.Faults(file));

        faults.ShouldContain("param unused is not used");
        faults.ShouldContain("nothing is called missing");
        faults.ShouldContain("@surely is no decorator");
        faults.ShouldContain("guess() is none of the functions");
        faults.ShouldContain("has no parameter colour");
        faults.ShouldContain("is not given accountName");
        faults.ShouldContain("there is no modules/none.bicep");
        faults.ShouldNotContain("x.");
    }
}
