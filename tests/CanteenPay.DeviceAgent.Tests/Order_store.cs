using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Tests;

public sealed class Order_store : IDisposable
{
    private readonly TestFolder files = new();

    public void Dispose() => files.Dispose();

    private static Order Order(int minute = 0) => new()
    {
        Id = OrderId.New(new DateOnly(2026, 11, 22), TillRig.Merchant, TillRig.Device),
        Amount = new Fen(1250),
        RequestedAt = TillRig.Noon.AddMinutes(minute),
    };

    /// <summary>Opens the store as a new process would, after the last one was killed at whatever it did.</summary>
    private T Reopened<T>(Func<OrderStore, T> look)
    {
        using var folder = StateFolder.Take(files.Path);
        using var store = OrderStore.Open(folder, TillRig.Device);
        return look(store);
    }

    private void Reopened(Action<OrderStore> act) => Reopened(store =>
    {
        act(store);
        return true;
    });

    [Fact]
    public void An_order_comes_back_as_it_was_stored()
    {
        var order = Order() with
        {
            Stage = OrderStage.Refused,
            QrShown = true,
            Wallet = Wallet.WeChat,
            PaidAt = TillRig.Noon,
            Spoken = true,
            Disputed = true,
            RetryOf = Order().Id,
            Refusal = new("中文", "English"),
        };
        Reopened(store => store.Save(order, Unanswered.None));

        Reopened(store => store.Find(order.Id)).ShouldBe(order);
    }

    [Fact]
    public void What_must_be_sent_is_stored_with_its_order_and_replaced_with_it()
    {
        var order = Order();
        Reopened(store => store.Save(order, Unanswered.Request));
        Reopened(store => store.Waiting()).ShouldBe([new OutboxRow(order, OutboxKind.Request)]);

        var cancelled = order with { Stage = OrderStage.Cancelled };
        Reopened(store => store.Save(cancelled, Unanswered.Cancel));
        Reopened(store => store.Waiting()).ShouldBe([new OutboxRow(cancelled, OutboxKind.Cancel)]);

        Reopened(store => store.Save(cancelled with { Stage = OrderStage.Closed }, Unanswered.None));
        Reopened(store => store.Waiting()).ShouldBeEmpty();
    }

    [Fact]
    public void An_order_is_asked_about_once_at_a_time_until_it_is_answered()
    {
        var order = Order();
        Reopened(store =>
        {
            store.Save(order, Unanswered.Cancel);
            store.AskAbout([order.Id]);
            store.AskAbout([order.Id]);
            store.Waiting().Select(row => row.Kind).ShouldBe([OutboxKind.Cancel, OutboxKind.Status]);
            store.StatusAnswered(order.Id);
            store.Waiting().Select(row => row.Kind).ShouldBe([OutboxKind.Cancel]);
        });
    }

    [Fact]
    public void Orders_without_an_end_come_oldest_first_and_the_list_newest_first()
    {
        var (first, second, third) = (Order(1), Order(2) with { Stage = OrderStage.Paid }, Order(3));
        Reopened(store =>
        {
            foreach (var order in new[] { third, first, second })
                store.Save(order, Unanswered.None);
            store.WithoutEnd().ShouldBe([first, third]);
            store.Newest(2).ShouldBe([third, second]);
            store.Count().ShouldBe((0, null, 2));
            store.Save(third, Unanswered.Cancel);
            store.Save(first, Unanswered.Request);
            store.Count().ShouldBe((2, first.RequestedAt, 2));
        });
    }

    [Fact]
    public void Old_ended_orders_are_forgotten_and_open_ones_never()
    {
        var (ended, open, recent) = (Order(1) with { Stage = OrderStage.Closed }, Order(1), Order(9) with { Stage = OrderStage.Paid });
        Reopened(store =>
        {
            foreach (var order in new[] { ended, open, recent })
                store.Save(order, Unanswered.None);
            store.ForgetEndedBefore(TillRig.Noon.AddMinutes(5));
            store.Newest(9).ShouldBe([recent, open]);
        });
    }

    [Fact]
    public void A_write_that_fails_leaves_order_and_outbox_as_they_were()
    {
        var order = Order();
        Reopened(store => store.Save(order, Unanswered.Request));

        Should.Throw<SqliteException>(() => Reopened(store => store.Save(order with { Id = Order().Id, Amount = Fen.Zero }, Unanswered.Request)));

        Reopened(store => store.Waiting()).ShouldBe([new OutboxRow(order, OutboxKind.Request)]);
    }

    [Fact]
    public void A_power_cut_in_the_middle_of_a_transaction_leaves_what_was_committed()
    {
        var order = Order();
        Reopened(store => store.Save(order, Unanswered.Request));
        using (var connection = new SqliteConnection($"Data Source={files.File("agent.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE; UPDATE orders SET stage = 'Paid', ended = 1; DELETE FROM outbox;";
            command.ExecuteNonQuery();
            using var cut = new TestFolder();
            foreach (var file in Directory.GetFiles(files.Path, "agent.db*").Where(name => !name.EndsWith("-shm", StringComparison.Ordinal)))
                File.Copy(file, cut.File(Path.GetFileName(file)));
            using var folder = StateFolder.Take(cut.Path);
            using var store = OrderStore.Open(folder, TillRig.Device);

            store.Waiting().ShouldBe([new OutboxRow(order, OutboxKind.Request)]);
        }
    }

    [Fact]
    public void Nobody_else_gets_at_the_database_while_an_agent_has_it_open() => Reopened(_ =>
    {
        using var other = new SqliteConnection($"Data Source={files.File("agent.db")};Pooling=False;Default Timeout=1");
        other.Open();

        Should.Throw<SqliteException>(() => Schema.Scalar(other, "SELECT count(*) FROM orders")).SqliteErrorCode.ShouldBe(SQLitePCL.raw.SQLITE_BUSY);
        return File.Exists(files.File("agent.db-shm"));
    }).ShouldBeFalse("memory that nobody shares");

    [Fact]
    public void A_journal_that_a_power_cut_may_break_is_refused()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();

        Should.Throw<InvalidOperationException>(() => Schema.MakeDurable(connection)).Message.ShouldContain("local disk");
    }

    [Fact]
    public void A_database_of_a_newer_agent_is_refused()
    {
        Reopened(store => store.Count());
        using (var connection = new SqliteConnection($"Data Source={files.File("agent.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Should.Throw<InvalidOperationException>(() => Reopened(store => store.Count())).Message.ShouldContain("newer agent");
    }

    [Fact]
    public void A_database_from_before_refunds_is_taken_over()
    {
        var order = Order() with { Stage = OrderStage.Paid };
        using (var connection = new SqliteConnection($"Data Source={files.File("agent.db")};Pooling=False"))
        {
            connection.Open();
            Schema.Execute(connection, $"""
                CREATE TABLE orders (
                  id TEXT NOT NULL PRIMARY KEY, amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9999999), stage TEXT NOT NULL, ended INTEGER NOT NULL,
                  requested_at INTEGER NOT NULL, retry_of TEXT, qr_shown INTEGER NOT NULL, wallet TEXT, paid_at INTEGER, spoken INTEGER NOT NULL,
                  disputed INTEGER NOT NULL, refusal_zh TEXT, refusal_en TEXT) WITHOUT ROWID;
                CREATE INDEX orders_by_time ON orders (requested_at);
                CREATE INDEX orders_open ON orders (requested_at) WHERE ended = 0;
                CREATE TABLE outbox (order_id TEXT NOT NULL REFERENCES orders (id), kind TEXT NOT NULL, PRIMARY KEY (order_id, kind)) WITHOUT ROWID;
                CREATE TABLE facts (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                INSERT INTO orders VALUES ('{order.Id}', 1250, 'Paid', 1, {order.RequestedAt.ToUnixTimeMilliseconds()}, NULL, 0, NULL, NULL, 0, 0, NULL, NULL);
                PRAGMA user_version = 1;
                """);
        }

        Reopened(store => store.Find(order.Id)).ShouldBe(order);
    }

    [Fact]
    public void A_refund_and_its_message_are_stored_together_until_it_ends()
    {
        var order = RefundRules.Asked(Order() with { Stage = OrderStage.Paid }, new Fen(500), new("0123456789", TillRig.Noon));
        Reopened(store => store.SaveRefund(order, order.Refund!));
        Reopened(store => store.Save(order, Unanswered.None));
        Reopened(store => store.Waiting()).ShouldBe([new OutboxRow(order, OutboxKind.Refund)], "another word about the order does not silence the refund");

        var refund = order.Refund! with { Stage = RefundStage.Refused, Spoken = true, Refusal = new("中文", "English") };
        Reopened(store => store.SaveRefund(order with { Refund = refund }, refund));

        Reopened(store => store.Waiting()).ShouldBeEmpty();
        Reopened(store => store.FindRefund(order.Id, "0123456789")).ShouldBe(refund);
        Reopened(store => store.FindRefund(Order().Id, "0123456789")).ShouldBeNull("a key of another order");
        Reopened(store => store.Find(order.Id)!.Refund).ShouldBe(refund);
    }

    [Fact]
    public void An_old_order_is_forgotten_with_its_refunds_unless_one_has_no_end()
    {
        var (done, running) = (Order(1) with { Stage = OrderStage.Paid }, Order(1) with { Stage = OrderStage.Paid });
        done = RefundRules.Asked(done, new Fen(500), new("0000000001", TillRig.Noon));
        done = done with { Refund = done.Refund! with { Stage = RefundStage.Refunded }, RefundedSoFar = new Fen(500), RefundedHere = new Fen(500) };
        running = RefundRules.Asked(running, new Fen(500), new("0000000002", TillRig.Noon));
        Reopened(store =>
        {
            store.SaveRefund(done, done.Refund!);
            store.SaveRefund(running, running.Refund!);
            store.ForgetEndedBefore(TillRig.Noon.AddMinutes(5));
            store.Newest(9).ShouldBe([running]);
            store.FindRefund(done.Id, "0000000001").ShouldBeNull();
        });
    }

    [Fact]
    public void A_second_agent_on_the_same_folder_is_refused_with_a_reason()
    {
        using var first = StateFolder.Take(files.Path);

        Should.Throw<StateFolderException>(() => StateFolder.Take(files.Path)).Message.ShouldContain("in use by another agent");
    }

    [Fact]
    public void A_folder_that_was_copied_from_another_machine_is_refused_with_a_reason()
    {
        Reopened(store => store.Count());
        using var folder = StateFolder.Take(files.Path);

        Should.Throw<StateFolderException>(() => OrderStore.Open(folder, DeviceId.Parse("DEVMACH2"))).Message.ShouldContain("belongs to machine DEVMACH1");
    }
}
