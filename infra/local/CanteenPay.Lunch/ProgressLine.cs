using System.Globalization;

namespace CanteenPay.Lunch;

/// <summary>How far the lunch is: a bar that moves on a terminal, else a line each 10 s. On the error stream, so that the summary alone is the output.</summary>
internal sealed class ProgressLine(TextWriter output, bool terminal, TimeProvider time)
{
    private const int Width = 24;
    private static readonly TimeSpan LineEach = TimeSpan.FromSeconds(10);

    private long? _writtenAt;

    /// <summary>Shows it.</summary>
    /// <param name="phase">What is going on, Chinese first.</param>
    /// <param name="passed">Of it.</param>
    /// <param name="whole">Of it.</param>
    /// <param name="details">More words.</param>
    public void Show(string phase, TimeSpan passed, TimeSpan whole, string details)
    {
        if (!terminal && _writtenAt is { } at && time.GetElapsedTime(at) < LineEach)
            return;
        _writtenAt = time.GetTimestamp();
        var done = (int)Math.Clamp(passed / whole * Width, 0, Width);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{phase} [{new string('█', done)}{new string('░', Width - done)}] {passed.TotalMinutes:F1}/{whole.TotalMinutes:0.##} 分钟 min · {details}");
        output.Write(terminal ? $"\r\e[K{line}" : line + Environment.NewLine);
    }

    /// <summary>A line of its own.</summary>
    public void Say(string words)
    {
        output.Write(terminal ? $"\r\e[K{words}{Environment.NewLine}" : words + Environment.NewLine);
        _writtenAt = null;
    }
}
