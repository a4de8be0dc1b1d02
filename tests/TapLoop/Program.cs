using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

// Taps in a loop on a state folder, until it is killed. Says each tap once it is approved, as the till does: after it was stored.
const int Accounts = 20;
const int UndoEach = 7;
const int AckEach = 5;
const int Most = 2000;

var device = DeviceId.Parse("DEVMACH1");
var merchant = MerchantId.Parse("DEVMERCH");
var time = TimeProvider.System;
var start = DateTimeOffset.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
using var folder = StateFolder.Take(args[0]);
using var orders = DatabaseRescue.Open(folder, device, OrderStore.MaxBytes, time, NullLogger.Instance);
if (DatabaseRescue.Unconfirmed(orders) is { } damage)
    throw new InvalidOperationException($"The database is damaged: {damage}");
var clock = new MachineClock(time);
clock.Learn(start, clock.Steady, clock.Steady);
var tables = new CardTables(orders, new(device, merchant), clock, time, new(CardLimits.DefaultUnsentEntries, OrderStore.MaxBytes));
var store = new CardStore(tables, clock, new(new(), clock, NullLogger<FaultReport>.Instance));
var upload = new JournalUpload(tables, new(new Random(1)), clock, NullLogger<JournalUpload>.Instance);
if (store.Standing().Stop == TapRefusal.NotOffered)
    Sync();

var output = Console.Out;
for (var n = 0; n < Most; n++)
{
    var card = Card(Random.Shared.Next(Accounts));
    var question = new TapQuestion(card, TapId.New(Crockford.Random), store.Now, TapMode.Free, new(1 + n % 900), [], TypedUid: false, Offline: true);
    var tap = n % UndoEach == UndoEach - 1
        ? TapRules.Undo(store.Last(), question.Id, store.Now, store.View(store.Last()!.AccountId), offline: true).Reversal
        // Nobody taps as fast as this: that the same card pays once in three seconds would leave no taps to be killed among.
        : (TapRules.Decide(question, store.Look(card) with { Last = null }) as TapApproved)?.Tap;
    if (tap is null)
        continue;
    store.Append(tap);
    output.WriteLine(tap.Id);
    output.Flush();
    if (n % AckEach == 0)
        Acknowledge();
}

// The cloud's word in between: it is stored by a transaction of its own.
void Acknowledge()
{
    var journal = tables.Journals.Current!;
    var through = Math.Max(journal.Acked, journal.Last - AckEach);
    upload.Answered(new() { MerchantId = merchant, Epoch = journal.Epoch, Through = through, Hash = tables.Journals.HashAt(journal, through)!.Value });
}

void Sync()
{
    tables.Settings.Take(new()
    {
        Version = 1,
        MerchantId = merchant,
        Cards = new()
        {
            Meals = [new(Meal.Lunch, new(0, 0), new(23, 59))],
            CardTypes = [new("staff", new("职工", "Staff"))],
            Unbooked = new() { PerAccount = Fen.MaxKeyed },
        },
    });
    new FeedPull(tables, new(new Random(1)), clock).Take(new CardsPart
    {
        MerchantId = merchant,
        FromVersion = 0,
        Version = 1,
        More = false,
        Accounts =
        [
            .. Enumerable.Range(0, Accounts).Select(number => new CardAccount
            {
                AccountId = AccountId.Parse($"ACC{number:D5}"),
                Version = 1,
                CardType = "staff",
                Cards = [new(Card(number), CardState.Active)],
                Purses = [new("meal", Purse.Subsidy, new(1000_00)), new(PurseLot.Cash, Purse.Cash, Fen.MaxKeyed)],
            }),
        ],
    });
}

static CardNo Card(int number) => CardNo.Parse($"C0{number:D6}");
