using System.Text;
using CanteenPay.Functions.Sealing;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Functions.Tests.Sealing;

/// <summary>What a merchant's key seals opens with it, for the same merchant and purpose, and only whole.</summary>
public sealed class DataKeyTests
{
    private const string Purpose = "residentId";
    private const string Secret = "11010519491231002X";

    private static readonly byte[] Key = [.. Enumerable.Range(0, SealedBytes.KeyLength).Select(n => (byte)n)];
    private static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");

    [Fact]
    public void Whatever_is_sealed_opens_as_it_was() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>().Filter(bytes => bytes is not null), ArbMap.Default.ArbFor<NonEmptyString>(), (bytes, purpose) =>
        {
            var sealedBytes = new DataKey(Merchant, Key).Seal(bytes, purpose.Get);
            return new DataKey(Merchant, Key).Open(sealedBytes, purpose.Get).SequenceEqual(bytes) && sealedBytes.Length == bytes.Length + SealedBytes.Overhead;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_survives_as_text()
    {
        var key = new DataKey(Merchant, Key);

        key.OpenText(key.SealText("北京·王小明", Purpose), Purpose).ShouldBe("北京·王小明");
    }

    [Fact]
    public void The_same_text_twice_looks_different_and_shows_nothing_of_itself()
    {
        var key = new DataKey(Merchant, Key);

        var (one, two) = (key.Seal(Encoding.UTF8.GetBytes(Secret), Purpose), key.Seal(Encoding.UTF8.GetBytes(Secret), Purpose));

        one.ShouldNotBe(two);
        one.AsSpan().IndexOf(Encoding.UTF8.GetBytes("1101")).ShouldBe(-1);
    }

    [Fact]
    public void One_changed_bit_anywhere_does_not_open()
    {
        var key = new DataKey(Merchant, Key);
        var sealedBytes = key.Seal(Encoding.UTF8.GetBytes(Secret), Purpose);

        for (var bit = 0; bit < sealedBytes.Length * 8; bit++)
        {
            var changed = (byte[])sealedBytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<SealException>(() => key.Open(changed, Purpose));
        }
    }

    [Fact]
    public void Cut_or_empty_bytes_do_not_open()
    {
        var key = new DataKey(Merchant, Key);
        var sealedBytes = key.Seal(Encoding.UTF8.GetBytes(Secret), Purpose);

        for (var length = 0; length < sealedBytes.Length; length++)
            Should.Throw<SealException>(() => key.Open(sealedBytes.AsSpan(0, length), Purpose));
    }

    [Fact]
    public void What_is_moved_to_another_purpose_merchant_or_key_does_not_open_and_the_error_says_nothing_of_it()
    {
        var sealedText = new DataKey(Merchant, Key).SealText(Secret, Purpose);

        Should.Throw<SealException>(() => new DataKey(Merchant, Key).OpenText(sealedText, "account")).Message.ShouldContain("account");
        Should.Throw<SealException>(() => new DataKey(MerchantId.Parse("0THERMER"), Key).OpenText(sealedText, Purpose));
        var wrong = Should.Throw<SealException>(() => new DataKey(Merchant, [.. Key.Reverse()]).OpenText(sealedText, Purpose));
        wrong.ToString().ShouldNotContain(Secret);
        wrong.ToString().ShouldNotContain(sealedText);
    }

    [Fact]
    public void What_is_not_base64_is_said_to_be_none() =>
        Should.Throw<SealException>(() => new DataKey(Merchant, Key).OpenText(Secret, Purpose)).Message.ShouldContain("base64");

    [Fact]
    public void A_key_is_never_printed() =>
        new DataKey(Merchant, Key).ToString().ShouldBe("data key of DEVMERCH");

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(33)]
    public void A_key_of_another_length_is_refused(int length) =>
        Should.Throw<ArgumentException>(() => new DataKey(Merchant, new byte[length]));
}
