using Azure;
using Azure.Identity;
using CanteenPay.TableAdmin.Moving;
using CanteenPay.TableAdmin.Restoring;
using Spectre.Console;

namespace CanteenPay.TableAdmin;

/// <summary>The commands of <c>infra/tables.sh</c>.</summary>
internal static class Commands
{
    private const int Done = 0, Failed = 1, WrongArguments = 2;

    /// <summary>Runs one.</summary>
    /// <returns>0 when it was done, 1 when it was not, 2 when the arguments were wrong.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var ending = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            ending.Cancel();
        };
        try
        {
            switch (args)
            {
                case ["move", .. var arguments]:
                    await MoveCommand.RunAsync(arguments, new DefaultAzureCredential(), AnsiConsole.Console, TimeProvider.System, ending.Token);
                    return Done;
                case ["restore", .. var arguments]:
                    return await RestoreCommand.RunAsync(arguments, new DefaultAzureCredential(), ending.Token);
                default:
                    throw new AdminException("infra/tables.sh says what can be done.");
            }
        }
        catch (AdminException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return WrongArguments;
        }
        catch (Exception e) when (e is RequestFailedException or AuthenticationFailedException or IOException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"It was broken off: {e.Message}. What was written stays; the same command goes on from there.");
            return Failed;
        }
    }
}
