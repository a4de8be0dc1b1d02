using System.Reflection;

namespace CanteenPay.Azure.Functions;

/// <summary>A method that was found to be a function, with its one trigger.</summary>
internal sealed record FunctionDefinition(string Name, MethodInfo Method, ParameterInfo Parameter, TriggerBindingAttribute Trigger)
{
    internal bool IsHttp => Trigger is HttpTriggerAttribute;

    /// <summary>Where the method stands, for messages.</summary>
    internal string Place => $"{Method.DeclaringType?.Name}.{Method.Name}";
}
