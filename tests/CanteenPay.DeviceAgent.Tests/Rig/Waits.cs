using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Rig;

/// <summary>What tests of the whole agent wait for.</summary>
internal static class Waits
{
    /// <summary>So many messages of a kind that look like this were published.</summary>
    public static Task Published<T>(FakeBroker broker, int count, Func<T, bool>? looks = null)
        where T : DeviceMessage =>
        Eventually.IsTrueAsync(() => broker.Published.OfType<T>().Count(looks ?? (_ => true)) >= count, $"{count} × {typeof(T).Name}");

    /// <summary>Lets time pass in steps small enough that what a step sets off can happen before the next, until the condition or the test's deadline.</summary>
    public static Task PassUntil(this ManualTime time, Func<bool> condition, TimeSpan step, string what) => Eventually.IsTrueAsync(
        () =>
        {
            if (condition())
                return true;
            time.Pass(step);
            return false;
        },
        what);
}
