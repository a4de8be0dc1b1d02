namespace CanteenPay.Functions.Tests.Telemetry;

/// <summary>A source of spans is its process's: whoever listens to it, and whoever counts on nobody's listening, come one after another.</summary>
[CollectionDefinition(Name)]
public sealed class ListeningCollection
{
    public const string Name = "listening to spans";
}
