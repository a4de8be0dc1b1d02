using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Devices.Certificates;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>
/// <c>GET</c> and <c>POST /api/merchants/{merchantId}/machines</c>, <c>POST /api/machines/{deviceId}/{block|unblock|code|move}</c>. What is changed here holds within
/// <see cref="Operations.RegistryCache.Freshness"/>. 202 instead of 200 or 201: it is done here, and the broker is told as soon as it listens.
/// </summary>
internal static class MachineEndpoints
{
    private const int MaxName = 20, MaxConflicts = 10;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/merchants/{merchantId}/machines", ListAsync).Allow([Role.Operator], [Role.Merchant, Role.Distributor], Owner.Merchant("merchantId"));
        api.MapPost("/merchants/{merchantId}/machines", EnrolAsync).Allow(Role.Operator).AuditsPlainly("deviceId", "merchantId", "name", "state");
        api.MapPost("/machines/{deviceId}/block", BlockAsync).Allow(Role.Operator).AuditsPlainly("deviceId", "merchantId", "name", "state");
        api.MapPost("/machines/{deviceId}/unblock", UnblockAsync).Allow(Role.Operator).AuditsPlainly("deviceId", "merchantId", "name", "state");
        api.MapPost("/machines/{deviceId}/code", DrawCodeAsync).Allow(Role.Operator);
        api.MapPost("/machines/{deviceId}/move", MoveAsync).Allow(Role.Operator).AuditsPlainly("deviceId", "merchantId", "name", "state");
    }

    private static async Task<IResult> ListAsync(string merchantId, DeviceRegistry devices, CancellationToken cancellationToken) =>
        MerchantId.TryParse(merchantId, null, out var merchant)
            ? Results.Ok(await devices.ListAsync(merchant, cancellationToken).Select(MachineView.Of).ToListAsync(cancellationToken))
            : MerchantAnswers.NoMerchantId(merchantId);

    private static async Task<IResult> EnrolAsync(
        string merchantId, HttpContext http, MerchantRegistry merchants, Enrolment enrolment, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.MachineBody, cancellationToken);
        if (body is null)
            return unreadable!;
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        var errors = new Dictionary<string, string[]>();
        var key = MerchantAnswers.Key(http, errors);
        var name = MerchantAnswers.Line("name", body.Name, MaxName, errors);
        if (errors.Count > 0)
            return MerchantAnswers.Wrong(errors);
        if (await merchants.ReadAsync(merchant, cancellationToken) is not { } profile)
            return MerchantAnswers.NoMerchant(merchant);
        if (profile.IsClosed)
            return MerchantAnswers.Conflict("state", "The merchant is closed.");
        if (await enrolment.EnrolAsync(merchant, key, name, cancellationToken) is not var (device, isNew, isTold))
            return MerchantAnswers.KeyReused();
        var machine = MachineView.Of(await enrolment.FindAsync(device, cancellationToken)
            ?? throw new InvalidOperationException($"Machine {device} was there and is gone: machines are never deleted."));
        if (isNew)
        {
            MerchantLog.Enrolled(loggers.CreateLogger(nameof(MachineEndpoints)), device.Value, merchant.Value, http.Caller().ObjectId);
            http.Audit().Changed(null, machine);
        }
        else
        {
            http.Audit().Repeats();
        }

        var place = $"/api/merchants/{merchant}/machines";
        return isTold ? Results.Created(place, machine) : Results.Accepted(place, machine);
    }

    private static Task<IResult> BlockAsync(string deviceId, HttpContext http, Enrolment enrolment, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        ChangeAsync(deviceId, http, enrolment, loggers, machine => machine with { IsActive = false }, cancellationToken);

    private static Task<IResult> UnblockAsync(string deviceId, HttpContext http, Enrolment enrolment, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        ChangeAsync(deviceId, http, enrolment, loggers, machine => machine with { IsActive = true }, cancellationToken);

    private static async Task<IResult> MoveAsync(
        string deviceId, HttpContext http, MerchantRegistry merchants, Enrolment enrolment, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.MoveBody, cancellationToken);
        if (body is null)
            return unreadable!;
        if (!MerchantId.TryParse(body.MerchantId, null, out var merchant) || await merchants.ReadAsync(merchant, cancellationToken) is not { IsClosed: false })
            return MerchantAnswers.Wrong("merchantId", "没有此商户 / There is no such merchant, or it is closed");
        return await ChangeAsync(deviceId, http, enrolment, loggers, machine => machine with { Merchant = merchant }, cancellationToken);
    }

    /// <summary>The code by which the machine gets its certificate. Shown here and nowhere else: the audit knows that it was drawn, and by whom.</summary>
    private static async Task<IResult> DrawCodeAsync(string deviceId, MachineCertificates certificates, CancellationToken cancellationToken)
    {
        if (!DeviceId.TryParse(deviceId, null, out var device))
            return Results.Problem($"'{deviceId}' is not a machine id.", statusCode: StatusCodes.Status422UnprocessableEntity);
        return await certificates.DrawCodeAsync(device, cancellationToken) is { } code
            ? Results.Ok(code)
            : Results.Problem($"There is no machine {device}, or it is blocked.", statusCode: StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ChangeAsync(
        string deviceId, HttpContext http, Enrolment enrolment, ILoggerFactory loggers, Func<DeviceProfile, DeviceProfile> change, CancellationToken cancellationToken)
    {
        if (!DeviceId.TryParse(deviceId, null, out var device))
            return Results.Problem($"'{deviceId}' is not a machine id.", statusCode: StatusCodes.Status422UnprocessableEntity);
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            if (await enrolment.FindAsync(device, cancellationToken) is not { } machine)
                return Results.Problem($"There is no machine {device}.", statusCode: StatusCodes.Status404NotFound);
            var next = change(machine);
            if (await (next == machine ? ConfirmAsync() : enrolment.TryChangeAsync(next, cancellationToken)) is not { } isTold)
                continue;
            var (before, after) = (MachineView.Of(machine), MachineView.Of(next));
            MerchantLog.MachineChanged(loggers.CreateLogger(nameof(MachineEndpoints)), device.Value, after.State, after.MerchantId.Value, http.Caller().ObjectId);
            http.Audit().Changed(before, after);
            return isTold ? Results.Ok(after) : Results.Accepted(value: after);

            async Task<bool?> ConfirmAsync() => await enrolment.ConfirmAsync(machine, cancellationToken);
        }

        throw new InvalidOperationException($"Machine {device} was written by others {MaxConflicts} times in a row.");
    }
}

/// <summary>Body of a new machine.</summary>
internal sealed record MachineBody(string? Name = null);

/// <summary>Body of a move: whom the machine serves from now on.</summary>
internal sealed record MoveBody(string? MerchantId = null);

/// <summary>A machine as it is shown.</summary>
internal sealed record MachineView(DeviceId DeviceId, MerchantId MerchantId, string Name, string State)
{
    public static MachineView Of(DeviceProfile machine) => new(machine.Id, machine.Merchant, machine.Name, machine.IsActive ? "active" : "blocked");
}
