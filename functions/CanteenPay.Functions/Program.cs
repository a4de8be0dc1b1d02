using CanteenPay.Azure.Functions;

if (FunctionJson.TryRun(args, typeof(Program).Assembly, out var exitCode))
{
    return exitCode;
}

var app = WebApplication.CreateSlimBuilder(args).Build();
await app.RunAsync();
return 0;
