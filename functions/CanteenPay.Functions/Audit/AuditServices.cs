namespace CanteenPay.Functions.Audit;

/// <summary>Puts the audit into the app.</summary>
internal static class AuditServices
{
    /// <summary>What the audit needs.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services.AddSingleton<AuditStore>().AddSingleton<AuditDays>().AddSingleton<AuditBook>().AddSingleton<AuditCheck>();
}
