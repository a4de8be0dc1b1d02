using System.Text;
using System.Xml;
using CanteenPay.Channels.SwiftPass;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Channels.Tests;

public sealed class XmlTests
{
    [Fact]
    public void Any_value_that_XML_can_carry_arrives_as_it_was_sent() =>
        Prop.ForAll(Arbitraries.Fields, fields =>
        {
            var sent = fields.Where(f => f.Value.Length > 0).ToDictionary();
            var received = SwiftPassXml.Read(SwiftPassXml.Write(fields));
            return received.Count == sent.Count && sent.All(f => received[f.Key] == f.Value);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Values_may_be_text_or_CDATA_or_both_and_empty_fields_are_kept_as_empty()
    {
        var fields = Read("\uFEFF<?xml version='1.0' encoding='UTF-8'?>\n<xml> <a>1 &amp; 2</a>\n<b><![CDATA[<]]]]><![CDATA[>]]>x</b><c/><d></d><e> </e></xml>\n");

        fields.ShouldBe(new Dictionary<string, string> { ["a"] = "1 & 2", ["b"] = "<]]>x", ["c"] = "", ["d"] = "", ["e"] = " " });
    }

    [Fact]
    public void A_character_that_XML_cannot_carry_is_refused_when_writing() =>
        Should.Throw<ArgumentException>(() => SwiftPassXml.Write(new Dictionary<string, string> { ["a"] = "\u0001" }));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("success", "no XML")]
    [InlineData("<xml><a>1</a>", "unfinished")]
    [InlineData("<xml><a>1</a></xml><xml/>", "two roots")]
    [InlineData("<!DOCTYPE xml><xml><a>1</a></xml>", "a DTD")]
    [InlineData("<!DOCTYPE xml [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xml><a>&e;</a></xml>", "an external entity")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><xml><a>&c;&c;&c;</a></xml>", "a bomb")]
    [InlineData("<xml><a>&e;</a></xml>", "an undeclared entity")]
    [InlineData("<xml><a>1</a><a>2</a></xml>", "a doubled name")]
    [InlineData("<xml><a>1</a><a>1</a></xml>", "a doubled name with one value")]
    [InlineData("<xml><a><b>1</b></a></xml>", "nesting")]
    [InlineData("<xml><a>1<!-- -->2</a></xml>", "a comment inside a value")]
    [InlineData("<xml><!-- --><a>1</a></xml>", "a comment between fields")]
    [InlineData("<xml><a>1<?p x?></a></xml>", "an instruction")]
    [InlineData("<xml>loose<a>1</a></xml>", "text between fields")]
    public void Anything_but_a_flat_document_is_refused(string document, string why) =>
        Should.Throw<XmlException>(() => Read(document), why);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused() =>
        Should.Throw<XmlException>(() => SwiftPassXml.Read([.. "<xml><a>"u8, 0xC3, 0x28, .. "</a></xml>"u8]));

    [Fact]
    public void Too_many_fields_are_refused_and_as_many_as_allowed_are_not()
    {
        static string Of(int count) => $"<xml>{string.Concat(Enumerable.Range(0, count).Select(n => $"<f{n}>1</f{n}>"))}</xml>";

        Read(Of(SwiftPassXml.MaxFields)).Count.ShouldBe(SwiftPassXml.MaxFields);
        Should.Throw<XmlException>(() => Read(Of(SwiftPassXml.MaxFields + 1)));
    }

    [Fact]
    public void A_document_that_is_too_long_is_refused() =>
        Should.Throw<XmlException>(() => Read($"<xml><a>{new string('x', SwiftPassXml.MaxBytes)}</a></xml>"));

    private static Dictionary<string, string> Read(string document) => SwiftPassXml.Read(Encoding.UTF8.GetBytes(document));
}
