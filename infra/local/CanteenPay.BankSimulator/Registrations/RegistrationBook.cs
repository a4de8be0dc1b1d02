using System.Security.Cryptography;
using CanteenPay.BankSimulator.Merchants;

namespace CanteenPay.BankSimulator.Registrations;

/// <summary>All registrations. Every change is made under one lock and is on disk before anybody hears of it.</summary>
internal sealed class RegistrationBook
{
    /// <summary>Most registrations kept.</summary>
    public const int MaxRegistrations = 10_000;

    private readonly Lock _gate = new();
    private readonly RegistrationFolder _folder;
    private readonly MerchantDirectory _merchants;
    private readonly string _agentNo;
    private readonly Dictionary<string, Registration> _all;

    public RegistrationBook(RegistrationFolder folder, MerchantDirectory merchants, BankSettings settings)
    {
        (_folder, _merchants, _agentNo) = (folder, merchants, settings.Registration?.AgentNo ?? "");
        _all = folder.Read().ToDictionary(r => r.OutMchntId, StringComparer.Ordinal);
        foreach (var approved in _all.Values.Where(r => r.State is RegistrationState.Approved))
            Open(approved);
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Registration> All()
    {
        lock (_gate)
            return [.. _all.Values.OrderByDescending(r => r.At)];
    }

    public Registration? Find(string outMchntId)
    {
        lock (_gate)
            return _all.GetValueOrDefault(outMchntId);
    }

    /// <summary>Lets a rule look at a registration, null where there is none, and keeps what it makes of it.</summary>
    /// <param name="outMchntId">The platform's number.</param>
    /// <param name="rule">Gives the registration as it is to be, or why it stays as it is.</param>
    public (Registration? Registration, RegistrationRefusal? Refusal) Change(
        string outMchntId, Func<Registration?, (Registration? Registration, RegistrationRefusal? Refusal)> rule)
    {
        lock (_gate)
        {
            var before = _all.GetValueOrDefault(outMchntId);
            var (after, refusal) = rule(before);
            if (refusal is not null || after is null)
                return (before, refusal);
            if (before is null && _all.Count == MaxRegistrations)
                return (null, new RegistrationRefusal("SYSTEM_BUSY", "系统繁忙"));
            if (!ReferenceEquals(before, after))
                _folder.Write(after);
            _all[outMchntId] = after;
            if (after.State is RegistrationState.Approved && before?.State is not RegistrationState.Approved)
                Open(after);
            return (after, null);
        }
    }

    /// <summary>Puts a picture on disk and notes that it is there.</summary>
    public RegistrationRefusal? Keep(string outMchntId, string kind, string type, byte[] picture) => Change(outMchntId, r =>
    {
        if (r is null)
            return (null, RegistrationServices.Unknown);
        if (!r.IsOpen)
            return (null, RegistrationServices.Ended);
        _folder.WritePicture(outMchntId, kind, picture);
        return ((r with { Pictures = r.Pictures.SetItem(kind, type) }).Completed(), null);
    }).Refusal;

    /// <summary>A picture with its type; null where there is none.</summary>
    public (string Type, byte[] Bytes)? Picture(string outMchntId, string kind) =>
        Find(outMchntId)?.Pictures.GetValueOrDefault(kind) is { } type ? (type, _folder.ReadPicture(outMchntId, kind)) : null;

    /// <summary>A number that no merchant has.</summary>
    public string DrawMchntId()
    {
        while (true)
        {
            var number = RandomNumberGenerator.GetInt32(1, 10) + RandomNumberGenerator.GetString("0123456789", 9);
            if (!_merchants.Has(number))
                return number;
        }
    }

    private void Open(Registration approved) => _merchants.Open(approved.MchntId!, approved.Fields["mchntName"], _agentNo);
}
