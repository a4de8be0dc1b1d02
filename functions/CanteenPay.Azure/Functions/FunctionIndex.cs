using System.Reflection;

namespace CanteenPay.Azure.Functions;

/// <summary>Finds the functions among types and refuses sets that must not be deployed. The build and the start of the app both go through here.</summary>
internal static class FunctionIndex
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The functions in order of their names.</summary>
    /// <exception cref="FunctionDefinitionException">At least one declaration must not be deployed.</exception>
    internal static IReadOnlyList<FunctionDefinition> Find(IEnumerable<Type> types)
    {
        List<string> errors = [];
        List<FunctionDefinition> found = [];
        foreach (var method in types.SelectMany(type => type.GetMethods(Declared)))
        {
            if (Read(method, errors) is { } function)
            {
                found.Add(function);
                FunctionRules.CheckSignature(function, errors);
            }
        }

        FunctionRules.CheckTogether(found, errors);
        if (errors.Count > 0)
        {
            errors.Sort(StringComparer.Ordinal);
            throw new FunctionDefinitionException(errors);
        }

        return [.. found.OrderBy(function => function.Name, StringComparer.Ordinal)];
    }

    private static FunctionDefinition? Read(MethodInfo method, List<string> errors)
    {
        var place = $"{method.DeclaringType?.Name}.{method.Name}";
        var name = method.GetCustomAttribute<FunctionAttribute>()?.Name;
        var triggers = method.GetParameters()
            .SelectMany(parameter => parameter.GetCustomAttributes<TriggerBindingAttribute>().Select(trigger => (parameter, trigger)))
            .ToArray();
        switch (name, triggers.Length)
        {
            case (null, 0):
                return null;
            case (null, _):
                errors.Add($"{place} has a trigger but no [Function(\"…\")]: the host would never call it. Give it a name.");
                return null;
            case (_, 0):
                errors.Add($"{place}: function '{name}' has no trigger. Put [ServiceBusTrigger], [TimerTrigger] or [HttpTrigger] on its first parameter.");
                return null;
            case (_, > 1):
                errors.Add($"{place}: function '{name}' has {triggers.Length} triggers. A function has exactly one.");
                return null;
            default:
                return new(name, method, triggers[0].parameter, triggers[0].trigger);
        }
    }
}
