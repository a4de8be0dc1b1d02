using System.Text;

namespace CanteenPay.EndToEnd;

/// <summary>What a process says, line by line, from whichever thread reads it.</summary>
internal sealed class StackOutput
{
    private readonly StringBuilder _text = new();
    private int _taken;

    /// <summary>All of it.</summary>
    public string All
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    /// <summary>One more line; null at its end.</summary>
    public void Add(string? line)
    {
        lock (_text)
            _text.AppendLine(line);
    }

    /// <summary>What was said since this was called last.</summary>
    public string Take()
    {
        lock (_text)
        {
            var taken = _text.ToString(_taken, _text.Length - _taken);
            _taken = _text.Length;
            return taken;
        }
    }
}
