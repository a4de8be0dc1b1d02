using System.Security.Cryptography;
using System.Text;

namespace CanteenPay.BankSimulator.Registrations;

/// <summary>Sequence numbers that were used, each for one text: the same number with another text is a mistake or a forgery.</summary>
internal sealed class SeenSequences
{
    private const int MaxKept = 20_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>False when the number was used for something else.</summary>
    public bool Take(string txnSeq, string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        lock (_gate)
        {
            if (_seen.TryGetValue(txnSeq, out var before))
                return before.AsSpan().SequenceEqual(hash);
            if (_order.Count == MaxKept)
                _seen.Remove(_order.Dequeue());
            _seen.Add(txnSeq, hash);
            _order.Enqueue(txnSeq);
            return true;
        }
    }
}
