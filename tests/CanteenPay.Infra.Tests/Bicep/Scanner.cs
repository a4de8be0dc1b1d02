using System.Globalization;

namespace CanteenPay.Infra.Tests.Bicep;

/// <summary>The characters of a file: spaces, comments, words and marks.</summary>
internal sealed class Scanner(string file, string text)
{
    private int _at;

    internal int Line { get; private set; } = 1;

    internal bool AtEnd => _at >= text.Length;

    internal BicepException Error(string message) => new(file, Line, message);

    /// <summary>Past blanks and comments, and past the ends of lines where these mean nothing.</summary>
    internal void Skip(bool lines)
    {
        while (!AtEnd)
        {
            if (text[_at] is ' ' or '\t' || (lines && text[_at] is '\r' or '\n'))
                Next();
            else if (Looks("//"))
                while (!AtEnd && text[_at] != '\n')
                    Next();
            else
                return;
        }
    }

    internal bool Looks(string mark) => string.CompareOrdinal(text, _at, mark, 0, mark.Length) == 0;

    internal bool Take(string mark)
    {
        if (!Looks(mark))
            return false;
        for (var i = 0; i < mark.Length; i++)
            Next();
        return true;
    }

    internal void Expect(string mark)
    {
        Skip(lines: false);
        if (!Take(mark))
            throw Error($"'{mark}' is missing before '{text.AsSpan(_at, Math.Min(20, text.Length - _at)).ToString().ReplaceLineEndings(" ")}'.");
    }

    /// <summary>The end of a line, or what closes the surrounding.</summary>
    internal void ExpectLineEnd()
    {
        Skip(lines: false);
        if (!AtEnd && text[_at] is not ('\r' or '\n'))
            throw Error($"The line goes on after its end: '{text[_at]}'.");
    }

    internal bool LooksLikeWord() => !AtEnd && (char.IsAsciiLetter(text[_at]) || text[_at] == '_');

    internal bool LooksLikeNumber() => !AtEnd && char.IsAsciiDigit(text[_at]);

    internal string Word()
    {
        Skip(lines: false);
        if (!LooksLikeWord())
            throw Error("A name is missing.");
        var from = _at;
        while (!AtEnd && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
            Next();
        return text[from.._at];
    }

    /// <summary>A word that is exactly this one.</summary>
    internal bool TakeWord(string word)
    {
        var end = _at + word.Length;
        return Looks(word) && (end >= text.Length || !(char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) && Take(word);
    }

    internal long Number()
    {
        var from = _at;
        while (LooksLikeNumber())
            Next();
        return long.Parse(text.AsSpan(from, _at - from), CultureInfo.InvariantCulture);
    }

    internal char Next()
    {
        if (AtEnd)
            throw Error("The file ends too early.");
        var character = text[_at++];
        if (character == '\n')
            Line++;
        return character;
    }
}
