namespace CanteenPay.EndToEnd;

/// <summary>
/// One stack and one Chromium for the tests that leave a counter as another cashier would find it: to start the stack costs two cores more than what most of them do with it.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SharedCounter : ICollectionFixture<SharedStack>, ICollectionFixture<SharedBrowser>
{
    public const string Name = "one counter";
}
