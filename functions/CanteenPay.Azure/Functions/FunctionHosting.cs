using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CanteenPay.Azure.Functions;

/// <summary>Puts an assembly's functions behind the Functions host, as a custom handler.</summary>
public static class FunctionHosting
{
    /// <summary>Finds the functions of <paramref name="assembly"/>, checks them, and registers their classes (one instance for each invocation).</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="assembly">Where the functions are.</param>
    /// <param name="payloadContexts">Source-generated JSON of every record that a message is read into.</param>
    /// <exception cref="FunctionDefinitionException">A function must not be deployed, or a payload type is in none of the contexts.</exception>
    public static IServiceCollection AddFunctions(this IServiceCollection services, Assembly assembly, params JsonSerializerContext[] payloadContexts)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return services.AddFunctions(assembly.GetTypes(), payloadContexts);
    }

    internal static IServiceCollection AddFunctions(this IServiceCollection services, IEnumerable<Type> types, params JsonSerializerContext[] payloadContexts)
    {
        var registry = FunctionRegistry.Build(types, payloadContexts);
        foreach (var type in registry.Types)
        {
            services.TryAddScoped(type);
        }

        return services.AddSingleton(registry);
    }

    /// <summary>
    /// Maps <c>POST /{FunctionName}</c> for the functions that the host invokes, and the endpoints of the HTTP functions below their routes. Nothing else is mapped,
    /// so every other path is 404.
    /// </summary>
    public static void MapFunctions(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var registry = app.ServiceProvider.GetRequiredService<FunctionRegistry>();
        foreach (var function in registry.Events)
        {
            var endpoint = ActivatorUtilities.CreateInstance<InvocationEndpoint>(app.ServiceProvider, function);
            app.Map($"/{function.Name}", (RequestDelegate)endpoint.HandleAsync).WithDisplayName($"Function {function.Name}");
        }

        foreach (var function in registry.Http)
        {
            function.Map(app.MapGroup($"/{function.Prefix}"));
        }
    }
}
