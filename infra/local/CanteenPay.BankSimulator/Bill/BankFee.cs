namespace CanteenPay.BankSimulator.Bill;

/// <summary>The bank's fee, in fen, rounded half up to the fen.</summary>
internal static class BankFee
{
    public static long OfPayment(long fen, int basisPoints) => (fen * basisPoints + 5_000) / 10_000;

    /// <summary>What comes back with a refund: its part of what is left, of the fee that is left. Rest and all together never exceed the fee.</summary>
    public static long OfRefund(long refund, long left, long feeLeft) => (long)(((Int128)refund * feeLeft * 2 + left) / (left * (Int128)2));
}
