using CanteenPay.LocalCloud.Tables;

namespace CanteenPay.LocalCloud.Tests.Tables;

public sealed class Table_operation
{
    [Theory]
    [InlineData("GET", "Orders(PartitionKey='a',RowKey='b')", false, "tables read Orders")]
    [InlineData("GET", "Orders()", false, "tables query Orders")]
    [InlineData("GET", "Orders", false, "tables query Orders")]
    [InlineData("POST", "Orders", false, "tables insert Orders")]
    [InlineData("PUT", "Orders(PartitionKey='a',RowKey='b')", true, "tables update Orders")]
    [InlineData("MERGE", "Orders(PartitionKey='a',RowKey='b')", false, "tables upsert Orders")]
    [InlineData("DELETE", "Orders(PartitionKey='a',RowKey='b')", true, "tables delete Orders")]
    [InlineData("POST", "$batch", false, "tables transaction")]
    [InlineData("POST", "Tables", false, "tables schema")]
    public void A_request_is_counted_under_what_it_does(string method, string path, bool conditional, string name) =>
        TableOperation.Name(method, path, conditional).ShouldBe(name);
}
