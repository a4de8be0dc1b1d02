using CanteenPay.LocalCloud.Http;
using CanteenPay.LocalCloud.Identity;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>Who may sign in, and where.</summary>
internal sealed class LoginPart
{
    private readonly SigningKeys _keys;
    private readonly TokenIssuer _issuer;
    private readonly IReadOnlyList<Persona> _personas;

    private LoginPart(SigningKeys keys, TokenIssuer issuer, IReadOnlyList<Persona> personas) => (_keys, _issuer, _personas) = (keys, issuer, personas);

    internal static async Task<LoginPart> StartAsync(
        CloudConfig config, PortBook ports, string login, string stateFolder, Endings endings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var personas = config.Personas ?? [];
        var keys = endings.Add("login's keys", new SigningKeys(stateFolder));
        var issuer = new TokenIssuer(keys, login, time);
        var endpoints = new LoginEndpoints(keys, issuer, new(time), personas, login);
        endings.Add("login", await LocalServer.StartAsync("the sign-in", ports["login"], loggers, endpoints.Map, cancellationToken));
        return new(keys, issuer, personas);
    }

    /// <exception cref="LocalCloudException">There is no such persona.</exception>
    internal string TokenOf(string persona) => _personas.FirstOrDefault(p => p.Key == persona) is { } found
        ? _issuer.Access(found)
        : throw new LocalCloudException($"There is no persona \"{persona}\". There are {string.Join(", ", _personas.Select(p => p.Key))}.");

    /// <summary><c>POST /login/roll</c>: another key signs from now on.</summary>
    internal void MapControl(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/login/roll", context =>
    {
        _keys.Roll();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });
}
