using System.Text;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>What Event Grid's broker accepts as a topic name.</summary>
internal static class TopicRules
{
    private const int MostBytes = 256;
    private const int MostSegments = 8;

    /// <returns>Null, or why the topic is refused.</returns>
    internal static string? Refusal(string? topic) => topic switch
    {
        null or "" => "The query parameter topic is missing.",
        _ when Encoding.UTF8.GetByteCount(topic) > MostBytes => $"The topic is longer than {MostBytes} bytes.",
        _ when topic.AsSpan().IndexOfAny('+', '#') >= 0 => "A topic to publish to has no wildcards.",
        _ when topic.Any(char.IsControl) => "The topic has control characters.",
        ['$', ..] => "Topics that begin with $ belong to the broker.",
        _ when topic.Split('/').Length > MostSegments => $"The topic has more than {MostSegments} segments.",
        _ => null,
    };
}
