using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace CanteenPay.BankSimulator.Tests;

/// <summary>A merchant's own system: signs and verifies by itself, with nothing of the bank's.</summary>
internal sealed class MerchantSystem(string mchId = MerchantSystem.DemoId, string key = MerchantSystem.DemoKey)
{
    public const string DemoId = "7551000001";

    public const string DemoKey = "9d101c97133837e13dde2d32a5054abb";

    /// <summary>Set for RSA_1_256 instead of MD5.</summary>
    public (RSA Own, RSA Banks)? Rsa { get; init; }

    public byte[] Request(string service, params (string Name, string Value)[] fields)
    {
        Dictionary<string, string> all = new() { ["service"] = service, ["mch_id"] = mchId, ["nonce_str"] = "n1" };
        foreach (var (name, value) in fields)
            all[name] = value;
        all["sign"] = Rsa is { } rsa
            ? Convert.ToBase64String(rsa.Own.SignData(Text(all), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            : Md5(all);
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
        {
            writer.WriteStartElement("xml");
            foreach (var (name, value) in all)
                writer.WriteElementString(name, value);
            writer.WriteEndElement();
        }

        return stream.ToArray();
    }

    /// <summary>The fields of a signed document; fails the test when the bank's signature is wrong.</summary>
    public Dictionary<string, string> Verified(string document)
    {
        var fields = Parse(document);
        fields.ShouldContainKey("sign", document);
        if (Rsa is { } rsa)
            rsa.Banks.VerifyData(Text(fields), Convert.FromBase64String(fields["sign"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
        else
            Md5(fields).ShouldBe(fields["sign"]);
        return fields;
    }

    public static Dictionary<string, string> Parse(string document)
    {
        var xml = new XmlDocument { XmlResolver = null };
        xml.LoadXml(document);
        return xml.DocumentElement!.ChildNodes.OfType<XmlElement>().ToDictionary(e => e.Name, e => e.InnerText);
    }

    private string Md5(Dictionary<string, string> fields) =>
#pragma warning disable CA5351 // The protocol prescribes MD5.
        Convert.ToHexString(MD5.HashData([.. Text(fields), .. Encoding.UTF8.GetBytes("&key=" + key)]));
#pragma warning restore CA5351

    private static byte[] Text(Dictionary<string, string> fields)
    {
        var names = fields.Keys.Where(k => k != "sign" && fields[k] != "").ToArray();
        Array.Sort(names, string.CompareOrdinal);
        return Encoding.UTF8.GetBytes(string.Join("&", names.Select(n => n + "=" + fields[n])));
    }
}
