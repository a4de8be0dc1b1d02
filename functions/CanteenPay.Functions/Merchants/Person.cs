using CanteenPay.Functions.Identity;

namespace CanteenPay.Functions.Merchants;

/// <summary>Who did something.</summary>
/// <param name="Id">The person's object id; of what is nobody, a word.</param>
/// <param name="Name">For people to read.</param>
internal sealed record Person(string Id, string Name)
{
    /// <summary>The bank, by its answer to our question.</summary>
    public static readonly Person Bank = new("bank", "银行");

    /// <summary>The clock: what a rule does when its time has come.</summary>
    public static readonly Person Clock = new("clock", "系统");

    /// <summary>Whoever asks.</summary>
    public static Person Of(Caller caller) => new(caller.ObjectId, caller.Name);
}
