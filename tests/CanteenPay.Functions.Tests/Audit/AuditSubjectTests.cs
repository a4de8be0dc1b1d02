using CanteenPay.Functions.Audit;
using Microsoft.AspNetCore.Routing;

namespace CanteenPay.Functions.Tests.Audit;

/// <summary>What of an address may stand in the audit: anybody can write anything there.</summary>
public sealed class AuditSubjectTests
{
    [Theory]
    [InlineData("merchantId", "DEVMERCH", true)]
    [InlineData("distributorId", "DSTR1BTR", true)]
    [InlineData("orderId", "261122DEVMERCHDEVMACH10123456789", true)]
    [InlineData("accountId", "0123ABCD", true)]
    [InlineData("device", "DEVMACH1", true)]
    [InlineData("epoch", "0123ABCD", true)]
    [InlineData("objectId", "11111111-0000-4000-8000-000000000001", true)]
    [InlineData("day", "2026-11-22", true)]
    [InlineData("kind", "id-front", true)]
    [InlineData("key", "device-payments-7", true)]
    [InlineData("accountId", "6228480402564890018", false)]
    [InlineData("accountId", "11010519491231002X", false)]
    [InlineData("merchantId", "13812345678", false)]
    [InlineData("orderId", "26112213812345678138123456781234", false)]
    [InlineData("key", "13812345678", false)]
    [InlineData("key", "张三", false)]
    [InlineData("day", "19491231", false)]
    [InlineData("kind", "zhangsan", false)]
    [InlineData("somethingNew", "0123ABCD", false)]
    public void A_value_is_written_if_it_is_what_its_name_says(string name, string value, bool isWritten)
    {
        AuditSubject.Of(new RouteValueDictionary { [name] = value }).ShouldBe($"{name}={(isWritten ? value : AuditMask.Hidden)}");
    }
}
