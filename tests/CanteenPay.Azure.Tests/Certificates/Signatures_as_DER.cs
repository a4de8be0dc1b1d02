using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using CanteenPay.Azure.Certificates;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Azure.Tests.Certificates;

/// <summary>r‖s becomes DER whatever its bytes are: with the high bit set, or with leading zeros.</summary>
public sealed class Signatures_as_DER
{
    [Fact]
    public void Any_two_numbers_are_read_back_from_the_shortest_DER()
    {
        // As many leading zeros as a signature can have, then any byte, so that both the high bit and shortness come often.
        var half = from zeros in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 31))
                   from first in Gen.Elements<byte>(1, 0x7F, 0x80, 0xFF)
                   from rest in Gen.ArrayOf(Gen.Choose(0, 255).Select(number => (byte)number), 31 - zeros)
                   select (byte[])[.. new byte[zeros], first, .. rest];

        Prop.ForAll(Arb.From(half.Two()), pair =>
        {
            var der = EcdsaSignature.ToDer([.. pair.Item1, .. pair.Item2]);
            // DER rules: anything longer than needed is refused.
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            var (r, s) = (sequence.ReadInteger(), sequence.ReadInteger());
            sequence.ThrowIfNotEmpty();
            reader.ThrowIfNotEmpty();
            return r == Number(pair.Item1) && s == Number(pair.Item2);
        }).QuickCheckThrowOnFailure();

        static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
    }

    [Fact]
    public void Real_signatures_verify_as_DER_among_them_short_ones_and_ones_with_the_high_bit()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (short_, high) = (0, 0);
        for (var i = 0; i < 1500 && (short_ < 2 || high < 2); i++)
        {
            var digest = SHA256.HashData(BitConverter.GetBytes(i));
            var signature = key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            short_ += signature[0] == 0 || signature[32] == 0 ? 1 : 0;
            high += signature[0] >= 0x80 || signature[32] >= 0x80 ? 1 : 0;
            key.VerifyHash(digest, EcdsaSignature.ToDer(signature), DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue(Convert.ToHexString(signature));
        }

        // One in 128 is short: that none were among 1500 is out of the question.
        short_.ShouldBeGreaterThan(0);
        high.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(72)]
    public void What_is_no_signature_is_refused(int length) => Should.Throw<ArgumentException>(() => EcdsaSignature.ToDer([.. Enumerable.Repeat((byte)1, length)]));

    [Fact]
    public void Zero_is_no_part_of_a_signature() => Should.Throw<ArgumentException>(() => EcdsaSignature.ToDer([.. new byte[32], .. Enumerable.Repeat((byte)1, 32)]));
}
