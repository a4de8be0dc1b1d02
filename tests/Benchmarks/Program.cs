using BenchmarkDotNet.Running;
using CanteenPay.Benchmarks;

return args switch
{
    ["payments", .. var rest] => await PaymentsOnTheLocalStack.RunAsync(payments: rest is [var count, ..] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 100),
    _ => BenchmarkSwitcher.FromAssembly(typeof(MessageBenchmarks).Assembly).Run(args) is var summaries && summaries.Any() ? 0 : 1,
};
