namespace CanteenPay.DeviceAgent.Settings;

/// <summary><c>CanteenPay.DeviceAgent --hash-pin</c>: reads a manager's PIN and prints what goes into the settings. By standard input, so that no PIN stands in a shell's history.</summary>
internal static class HashPin
{
    /// <summary>The option.</summary>
    public const string Option = "--hash-pin";

    private const int Wrong = 2;

    /// <summary>Reads one line and prints its hash; the exit code.</summary>
    public static async Task<int> RunAsync(TextReader input, TextWriter output, TextWriter error)
    {
        var pin = (await input.ReadLineAsync())?.Trim();
        if (!ManagerPin.IsPin(pin))
        {
            await error.WriteLineAsync("Give the PIN on standard input: 4 to 8 digits, nothing else. Example: echo 2468 | CanteenPay.DeviceAgent --hash-pin");
            return Wrong;
        }

        await output.WriteLineAsync(ManagerPin.Of(pin).ToString());
        return 0;
    }
}
