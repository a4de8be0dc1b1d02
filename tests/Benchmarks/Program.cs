using System.Globalization;
using BenchmarkDotNet.Running;
using CanteenPay.Benchmarks;
using CanteenPay.Benchmarks.Agent;
using CanteenPay.Benchmarks.Cards;
using CanteenPay.Benchmarks.Cost;
using CanteenPay.Benchmarks.FunctionApp;
using CanteenPay.Benchmarks.Link;
using CanteenPay.Benchmarks.Payments;
using CanteenPay.Benchmarks.Settlement;
using CanteenPay.Benchmarks.Tables;
using CanteenPay.Benchmarks.Taps;

switch (args)
{
    case ["payments", .. var size]:
        await PaymentsOnTheLocalStack.RunAsync(payments: Size(size, 100));
        return 0;
    case ["cost", .. var size]:
        await WorkOfTheCloud.RunAsync(times: Size(size, 20));
        return 0;
    case ["cards", .. var size]:
        await CardsOnTheLocalStack.RunAsync(taps: Size(size, 2_000), accounts: Size(size[Math.Min(1, size.Length)..], 50_000));
        return 0;
    case ["taps", .. var size]:
        TapsBesideAFile.Run(taps: Size(size, 2_000), accounts: Size(size[Math.Min(1, size.Length)..], 50_000));
        return 0;
    case ["night", .. var size]:
        await NightOnTheLocalStack.RunAsync(merchants: Size(size, 200), ordersEach: Size(size[Math.Min(1, size.Length)..], 500));
        return 0;
    case ["functions", .. var size]:
        await HandlersBesideKestrel.RunAsync(requests: Size(size, 20_000));
        return 0;
    case ["link", .. var size]:
        await ClientBesideLibrary.RunAsync(messages: Size(size, 2_000));
        return 0;
    case ["tables", .. var size]:
        await ClientBesideHttp.RunAsync(rows: Size(size, 2_000));
        return 0;
    case ["agent", .. var size]:
        await PublishedAgent.RunAsync(starts: Size(size, 5));
        return 0;
    case ["settlement-rules", .. var size]:
        var orders = Size(size, 10_000_000);
        RulesBesideKernel.Run(orders);
        MemoryOfADay.Run();
        RulesBesideOracle.Run(orders / 10, seed: 20261122);
        return 0;
    case ["settlement-export", .. var size]:
        await ExportOfManyRows.RunAsync(rows: Size(size, 200_000));
        return 0;
    default:
        return BenchmarkSwitcher.FromAssembly(typeof(MessageBenchmarks).Assembly).Run(args).Any() ? 0 : 1;
}

static int Size(string[] given, int otherwise) => given is [var size, ..] ? int.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;
