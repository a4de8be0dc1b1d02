using CanteenPay.Azure.Functions;
using CanteenPay.Functions;

if (FunctionJson.TryRun(args, typeof(FunctionApp).Assembly, out var exitCode))
    return exitCode;
await using var app = FunctionApp.Build(args);
await app.RunAsync();
// The Functions host never starts a handler again that ended with 0.
return 1;
