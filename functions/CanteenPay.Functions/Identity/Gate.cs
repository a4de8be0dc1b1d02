namespace CanteenPay.Functions.Identity;

/// <summary>Nobody gets to an endpoint below <c>/api</c> but through here. Until tokens are read: an operator in Development, nobody elsewhere.</summary>
internal static class Gate
{
    private static readonly Caller Developer = new("00000000-0000-0000-0000-000000000000", "Development", new HashSet<Role> { Role.Operator }, Scope.None);

    public static ValueTask<object?> PassAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!context.HttpContext.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment())
            return new(Results.Problem("This address is not open yet: it will ask who you are.", statusCode: StatusCodes.Status403Forbidden));
        context.HttpContext.Features.Set(Developer);
        return next(context);
    }
}
