namespace CanteenPay.Functions.Identity;

/// <summary>What a person may be here: the app roles of the directory, by these names.</summary>
internal enum Role
{
    /// <summary>Runs the system.</summary>
    Operator,

    /// <summary>Looks after the money.</summary>
    Finance,

    /// <summary>Brings merchants (经销商); their own only.</summary>
    Distributor,

    /// <summary>Runs a canteen; its own only.</summary>
    Merchant,
}
