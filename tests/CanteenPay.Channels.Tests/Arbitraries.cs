using System.Xml;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Channels.Tests;

/// <summary>Documents of any fields, with the values that break careless code.</summary>
internal static class Arbitraries
{
    private static readonly string[] Nasty =
        ["]]>", "]]", "]", ">", "&", "&amp;", "<", "<xml>", "<![CDATA[", "汇付天下&公司", "\r", "\r\n", "\n", "\t", " ", "  a ", "=", "key=", "\"", "'", "😀", "\u00A0", "a&key=b", "]]]]>>"];

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.Elements(Nasty),
        Gen.Elements(Nasty).ArrayOf().Select(string.Concat),
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => new string([.. s.Get.Where(c => XmlConvert.IsXmlChar(c) && !char.IsSurrogate(c))])));

    private static readonly Gen<string> Name = Gen.Elements("a", "b", "c", "A", "Z_9", "total_fee", "total_fee_1", "mch_id", "out_trade_no", "attach", "x-y", "signer", "sign_type");

    /// <summary>At least one field that is not empty.</summary>
    public static Arbitrary<Dictionary<string, string>> Fields { get; } =
        (from names in Name.ArrayOf()
         from values in Value.ArrayOf(names.Length)
         select names.Zip(values).DistinctBy(p => p.First).ToDictionary(p => p.First, p => p.Second))
        .Where(f => f.Values.Any(v => v.Length > 0)).ToArbitrary();
}
