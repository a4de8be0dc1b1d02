using System.Text;
using System.Text.Json;
using CanteenPay.LocalCloud.ServiceBus;

namespace CanteenPay.LocalCloud.Tests.ServiceBus;

/// <summary>A store of the queues <c>jobs</c> and <c>parked</c> in a folder of its own, at a time that the test sets.</summary>
public abstract class QueueStoreRig : IDisposable
{
    private protected const string Parked = "parked";
    private protected const string ParkedDead = "parked/$deadletterqueue";

    private protected QueueStoreRig() => Store = Open();

    private protected TempFolder Folder { get; } = new();

    private protected ManualTime Time { get; } = new();

    private protected QueueStore Store { get; set; }

    public void Dispose()
    {
        Store.Dispose();
        Folder.Dispose();
    }

    private protected void Restart()
    {
        Store.Dispose();
        Store = Open();
    }

    private protected QueueStore Open(Func<QueueStoreOptions, QueueStoreOptions>? change = null)
    {
        var options = new QueueStoreOptions { File = Folder.File("queues.db"), Queues = ["jobs", Parked] };
        return new QueueStore(change?.Invoke(options) ?? options, Time);
    }

    private protected async Task AbandonTenTimesAsync(string queue)
    {
        for (var i = 1; i <= 10; i++)
        {
            var message = (await TakeAsync(queue))!;
            message.DeliveryCount.ShouldBe(i);
            Store.Abandon(queue, message.LockToken).ShouldBeTrue();
        }
    }

    private protected ValueTask<bool> SendAsync(string body, string? id = null) => Store.EnqueueAsync("jobs", Message(body, id), default);

    private protected ValueTask<LockedMessage?> TakeAsync(string queue = "jobs") => Store.ReceiveAsync(queue, TimeSpan.Zero, default);

    private protected static QueueMessage Message(string body, string? id = null) => new(Encoding.UTF8.GetBytes(body))
    {
        MessageId = id,
        Properties = new Dictionary<string, JsonElement> { ["tenant"] = JsonElement.Parse("\"t1\"") },
    };

    private protected static string Body(LockedMessage message) => Encoding.UTF8.GetString(message.Message.Body.Span);
}
