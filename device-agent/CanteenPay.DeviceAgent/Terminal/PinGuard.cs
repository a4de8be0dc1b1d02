using System.Globalization;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Settings;
using CanteenPay.DeviceAgent.Store;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>
/// Looks at PINs: five wrong ones lock it for five minutes. The count is stored before a PIN is looked at, so that neither a restart nor a power cut in between
/// gives a try back.
/// </summary>
internal sealed class PinGuard(ManagerPin? pin, OrderStore store, MachineClock clock)
{
    /// <summary>Wrong PINs in a row that lock it.</summary>
    public const int MaxWrong = 5;

    /// <summary>How long it is locked then.</summary>
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(5);

    private const string WrongFact = "pin.wrong";
    private const string UntilFact = "pin.locked-until";

    /// <summary>How it stands.</summary>
    public PinLock Lock => pin is null ? PinLock.NotSet : IsLocked() ? PinLock.Locked : PinLock.Open;

    /// <summary>What a PIN is worth.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The try could not be counted: it was not looked at.</exception>
    public PinVerdict Check(Pin entered)
    {
        if (pin is null || IsLocked())
            return new(PinAnswer.Locked);
        var wrong = (int)Read(WrongFact) + 1;
        var locks = wrong >= MaxWrong;
        Write(locks ? 0 : wrong, locks ? Now + (long)LockedFor.TotalMilliseconds : 0);
        if (pin.Matches(entered.Digits))
        {
            Write(0, 0);
            return new(PinAnswer.Right);
        }

        return locks ? new(PinAnswer.Locked) : new(PinAnswer.Wrong, MaxWrong - wrong);
    }

    /// <summary>By the corrected clock, because it goes on over a restart; one that was set back makes the lock no longer than it is meant to be.</summary>
    private bool IsLocked()
    {
        var left = Read(UntilFact) - Now;
        if (left > (long)LockedFor.TotalMilliseconds)
            Write(0, Now + (long)LockedFor.TotalMilliseconds);
        return left > 0;
    }

    private long Now => clock.Corrected.ToUnixTimeMilliseconds();

    private long Read(string fact) => store.Fact(fact) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private void Write(int wrong, long lockedUntil) => store.SetFacts(
        (WrongFact, wrong.ToString(CultureInfo.InvariantCulture)), (UntilFact, lockedUntil.ToString(CultureInfo.InvariantCulture)));
}
