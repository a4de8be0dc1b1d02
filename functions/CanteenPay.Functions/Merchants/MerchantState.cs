using System.Text.Json;

namespace CanteenPay.Functions.Merchants;

/// <summary>How far a merchant is, from the first draft of its application to its end.</summary>
internal enum MerchantState
{
    /// <summary>A distributor is writing the application.</summary>
    Draft,

    /// <summary>It waits for an operator.</summary>
    Submitted,

    /// <summary>The bank looks at it.</summary>
    WithBank,

    /// <summary>Somebody found faults; the distributor corrects them.</summary>
    Returned,

    /// <summary>Never: its personal data goes after 90 days.</summary>
    Refused,

    /// <summary>The bank gave its verification code (验证码).</summary>
    Approved,

    /// <summary>It collects.</summary>
    Active,

    /// <summary>It may not collect for now.</summary>
    Suspended,

    /// <summary>It collects no more.</summary>
    Closed,
}

/// <summary>Which state follows which.</summary>
internal static class MerchantStates
{
    /// <summary>Whether a merchant may go from one state to another.</summary>
    public static bool MayGo(MerchantState from, MerchantState to) => to switch
    {
        MerchantState.Draft => false,
        MerchantState.Submitted => from is MerchantState.Draft or MerchantState.Returned,
        MerchantState.WithBank => from is MerchantState.Submitted,
        MerchantState.Returned => from is MerchantState.Submitted or MerchantState.WithBank,
        // Whatever is not yet a merchant can be given up, or personal data of drafts would stay for ever.
        MerchantState.Refused => from is MerchantState.Draft or MerchantState.Submitted or MerchantState.WithBank or MerchantState.Returned or MerchantState.Approved,
        MerchantState.Approved => from is MerchantState.WithBank,
        MerchantState.Active => from is MerchantState.Approved or MerchantState.Suspended,
        MerchantState.Suspended => from is MerchantState.Active,
        MerchantState.Closed => from is MerchantState.Active or MerchantState.Suspended,
        _ => false,
    };

    /// <summary>Whether the application and its papers may be changed.</summary>
    public static bool IsEditable(this MerchantState state) => state is MerchantState.Draft or MerchantState.Returned;

    /// <summary>Whether it became a merchant.</summary>
    public static bool IsMerchant(this MerchantState state) => state is MerchantState.Active or MerchantState.Suspended or MerchantState.Closed;

    /// <summary>The name in tables and answers: <c>withBank</c>.</summary>
    public static string Name(this MerchantState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    /// <summary>The state of a name; null for another text.</summary>
    public static MerchantState? Parse(string? name)
    {
        foreach (var state in Enum.GetValues<MerchantState>())
        {
            if (state.Name() == name)
                return state;
        }

        return null;
    }
}
