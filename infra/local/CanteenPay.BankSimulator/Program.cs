using CanteenPay.BankSimulator;

try
{
    await using var app = Bank.Build(args);
    await app.RunAsync();
    return 0;
}
catch (BankSettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
