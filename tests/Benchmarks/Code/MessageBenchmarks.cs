using System.Text.Json;
using BenchmarkDotNet.Attributes;
using CanteenPay.Protocol;

namespace CanteenPay.Benchmarks;

/// <summary>A result read from its bytes, checked, beside the floor: the same bytes walked by the bare JSON reader.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private readonly byte[] _bytes = DeviceMessageJson.Write(new PayResult
    {
        OrderId = OrderId.Parse("261122DEVMERCHDEVMACH10123456789"),
        Amount = new Fen(1250),
        Outcome = PayOutcome.Paid,
        Wallet = Wallet.Alipay,
        PaidAt = new DateTimeOffset(2026, 11, 22, 12, 5, 0, TimeSpan.FromHours(8)),
        AgeMs = 250,
        Say = "支付宝收款十二点五元",
        Clips = ["alipay", "10", "2", "point", "5", "yuan"],
    });

    [Benchmark(Baseline = true)]
    public int WalkJson()
    {
        var reader = new Utf8JsonReader(_bytes);
        var tokens = 0;
        while (reader.Read())
            tokens++;
        return tokens;
    }

    [Benchmark]
    public bool ReadMessage() => DeviceMessageJson.TryRead(_bytes, out _, out _);

    [Benchmark]
    public Utterance SpeakAmount() => Utterance.Paid(new Fen(1_005_30), Wallet.WeChat);
}
