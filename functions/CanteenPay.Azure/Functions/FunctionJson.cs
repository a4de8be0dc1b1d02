using System.Reflection;

namespace CanteenPay.Azure.Functions;

/// <summary>The mode in which the app's own executable writes the <c>function.json</c> files that the host reads. The build runs it; the host never does.</summary>
public static class FunctionJson
{
    private const string Mode = "--write-function-json";

    /// <summary>
    /// Runs that mode when the first argument asks for it: <c>--write-function-json {folder}</c> writes <c>{folder}/{FunctionName}/function.json</c> for each function
    /// and removes those of functions that are gone.
    /// </summary>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="assembly">Where the functions are.</param>
    /// <param name="exitCode">0 when written; 1 when a function must not be deployed, with one build error a mistake on the error output; 2 for wrong arguments.</param>
    /// <returns>False when the program was started as usual.</returns>
    public static bool TryRun(string[] args, Assembly assembly, out int exitCode)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(assembly);
        exitCode = 0;
        if (args.Length == 0 || args[0] != Mode)
        {
            return false;
        }

        exitCode = args.Length == 2 ? Run(assembly, args[1]) : Refuse("usage: --write-function-json {folder}", 2);
        return true;
    }

    private static int Run(Assembly assembly, string folder)
    {
        try
        {
            FunctionJsonFolder.Write(FunctionIndex.Find(assembly.GetTypes()), folder);
            return 0;
        }
        catch (FunctionDefinitionException e)
        {
            foreach (var error in e.Errors)
            {
                Refuse(error, 1);
            }

            return 1;
        }
    }

    // The form in which MSBuild recognises an error of a tool.
    private static int Refuse(string error, int exitCode)
    {
        Console.Error.WriteLine($"Functions : error CPF0001: {error}");
        return exitCode;
    }
}
