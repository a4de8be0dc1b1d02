using CanteenPay.Azure.Functions;
using CanteenPay.Functions;
using CanteenPay.Functions.Operations;

// The Functions host never starts a handler again that ended with 0: whatever ends this one, it is not 0.
const int ended = 1, wrongSettings = 2;

if (FunctionJson.TryRun(args, typeof(FunctionApp).Assembly, out var exitCode))
    return exitCode;
try
{
    await using var app = FunctionApp.Build(args);
    await app.RunAsync();
    return ended;
}
catch (SettingException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return wrongSettings;
}
