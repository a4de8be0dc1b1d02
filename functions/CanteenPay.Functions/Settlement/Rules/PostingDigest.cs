using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>
/// SHA-256 of postings, one after the other: each is a line of JSON, an array in the order below, so that anybody can reckon it again from the table. When a posting was
/// made (<see cref="Posting.IsBelated"/>) is no part of what happened and not in it.
/// </summary>
internal sealed class PostingDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly Utf8JsonWriter _json;

    public PostingDigest() => _json = new(_line);

    /// <summary>Takes the next one.</summary>
    public void Add(Posting posting)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartArray();
        _json.WriteStringValue(posting.Key);
        _json.WriteStringValue(posting.Kind == PostingKind.Payment ? "payment"u8 : "refund"u8);
        _json.WriteStringValue(posting.Order.Value);
        _json.WriteNumberValue(posting.Refund);
        _json.WriteNumberValue(posting.Amount.Value);
        _json.WriteStringValue(posting.At.ToUniversalTime());
        Write(posting.EventDay);
        Write(posting.PaidDay);
        _json.WriteNumberValue(posting.RateBasisPoints);
        _json.WriteNumberValue(posting.BankCostBasisPoints);
        _json.WriteBooleanValue(posting.IsLate);
        _json.WriteStringValue(posting.Wallet?.ToString());
        _json.WriteStringValue(posting.ChannelNo);
        if (posting.Before is { } before)
        {
            _json.WriteNumberValue(before.Settled.Value);
            _json.WriteNumberValue(before.Refunded.Value);
            _json.WriteNumberValue(before.FeeReturned.Value);
            _json.WriteNumberValue(before.BankReturned.Value);
        }

        _json.WriteEndArray();
        _json.Flush();
        _line.Write("\n"u8);
        _hash.AppendData(_line.WrittenSpan);
    }

    /// <summary>The digest of those so far, as lower-case hex.</summary>
    public string Current() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose()
    {
        _json.Dispose();
        _hash.Dispose();
    }

    /// <summary>As a number such as 20261122, which needs no text to be made.</summary>
    private void Write(DateOnly day) => _json.WriteNumberValue(day.Year * 10_000 + day.Month * 100 + day.Day);
}
