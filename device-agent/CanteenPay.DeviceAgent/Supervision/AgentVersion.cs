using System.Reflection;
using CanteenPay.DeviceAgent.Store;

namespace CanteenPay.DeviceAgent.Supervision;

/// <summary>Which agent this is.</summary>
internal static class AgentVersion
{
    /// <summary>The option that prints it.</summary>
    public const string Option = "--version";

    /// <summary>As it was built, with the revision of the source behind a plus: <c>1.4.0+25d0653</c>.</summary>
    public static readonly string Text =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>What the package is made by: the version, and the version of the database that this agent leaves behind, which an older one may not read.</summary>
    public static string WithDatabase => $"{Text} database {Schema.Newest}";
}
