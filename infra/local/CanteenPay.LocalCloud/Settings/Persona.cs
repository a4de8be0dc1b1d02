namespace CanteenPay.LocalCloud.Settings;

/// <summary>Somebody who can sign in here.</summary>
/// <param name="Id">Object id: a GUID.</param>
/// <param name="Key">Short name, for scripts and for the config's requests.</param>
/// <param name="Name">For people.</param>
/// <param name="Roles">App roles.</param>
internal sealed record Persona(string Id, string Key, string Name, IReadOnlyList<string> Roles);
