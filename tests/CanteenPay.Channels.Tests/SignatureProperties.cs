using CanteenPay.Channels.SwiftPass;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Channels.Tests;

public sealed class SignatureProperties
{
    [Fact]
    public void Any_fields_signed_by_MD5_verify_and_any_change_of_any_field_breaks_them() => Check(Accounts.Md5(), 300);

    [Fact]
    public void Any_fields_signed_by_RSA_verify_and_any_change_of_any_field_breaks_them() => Check(Accounts.Rsa(), 20);

    private static void Check(ChannelAccount account, int runs) => Prop.ForAll(Arbitraries.Fields, fields =>
    {
        fields["sign"] = SwiftPassSignature.Sign(Accounts.BankSide(account), fields);
        var received = SwiftPassXml.Read(SwiftPassXml.Write(fields));
        if (!SwiftPassSignature.Verify(account, received))
            return false;
        foreach (var (name, value) in received.Where(f => f.Key != "sign").ToArray())
        {
            string[] changes = [value + "x", "x" + value, value[1..] == "" ? "y" + value : value[1..], ""];
            foreach (var change in changes.Where(c => c != value))
            {
                if (SwiftPassSignature.Verify(account, new Dictionary<string, string>(received) { [name] = change }))
                    return false;
            }
        }

        return !SwiftPassSignature.Verify(account, new Dictionary<string, string>(received) { ["one_more"] = "1" });
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(runs));
}
