using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>Values of an enumeration travel as their words only: a number may be one that nobody has, and would be stored and believed until somebody asks what it means.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class WordConverter<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
