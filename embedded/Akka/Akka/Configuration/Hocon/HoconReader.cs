using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>A place in a text; lines and columns count from 1.</summary>
internal readonly record struct HoconPosition(int Line, int Column)
{
    public override string ToString() => $"line {Line}, column {Column}";
}

/// <summary>Walks over HOCON text by characters: blanks, comments, strings and bare words.</summary>
/// <remarks>1. <c>_at</c> never exceeds the length; reading at the end yields '\0'.</remarks>
internal sealed class HoconReader(string text)
{
    private const string NeverBare = "$\"{}[]:=,#`^?!@*&\\";

    private int _at;

    public bool AtEnd => _at >= text.Length;

    public char Current => AtEnd ? '\0' : text[_at];

    public HoconPosition Position
    {
        get
        {
            int line = 1, lineStart = 0;
            for (var i = 0; i < _at; i++)
            {
                if (text[i] == '\n')
                {
                    line++;
                    lineStart = i + 1;
                }
            }
            return new HoconPosition(line, _at - lineStart + 1);
        }
    }

    private bool AtComment => Current == '#' || At("//");

    public bool At(string token) => string.CompareOrdinal(text, _at, token, 0, token.Length) == 0;

    public void Skip(int count = 1) => _at += count;

    public bool TrySkip(string token)
    {
        if (!At(token))
            return false;
        _at += token.Length;
        return true;
    }

    /// <summary>Skips blanks, line ends and comments.</summary>
    public void SkipBlanks()
    {
        while (!AtEnd)
        {
            if (AtComment)
                SkipLine();
            else if (char.IsWhiteSpace(Current) || Current == '\uFEFF')
                _at++;
            else
                return;
        }
    }

    /// <summary>Skips blanks, line ends, comments and the commas between members.</summary>
    public void SkipSeparators()
    {
        SkipBlanks();
        while (Current == ',')
        {
            _at++;
            SkipBlanks();
        }
    }

    /// <summary>Blanks within a line, which count in a value made of several pieces.</summary>
    public string TakeBlanksOfLine()
    {
        var start = _at;
        while (Current is ' ' or '\t')
            _at++;
        return text[start.._at];
    }

    public string TakeBareWord() => TakeWhile(static c => !char.IsWhiteSpace(c) && !NeverBare.Contains(c));

    /// <summary>A key part without quotes: blanks inside belong to it, a dot ends it.</summary>
    public string TakeBareKey() =>
        TakeWhile(static c => c is not ('.' or '\n' or '\r') && !NeverBare.Contains(c)).Trim();

    public string TakeQuoted()
    {
        var start = Position;
        if (TrySkip("\"\"\""))
            return TakeTripleQuoted(start);

        _at++;
        var value = new StringBuilder();
        while (Current != '"')
        {
            if (AtEnd)
                throw Error($"the string that starts at {start} has no closing quote.");
            value.Append(Current == '\\' ? TakeEscape() : text[_at++]);
        }
        _at++;
        return value.ToString();
    }

    public FormatException Error(string problem) => new($"Could not parse the configuration at {Position}: {problem}");

    private string TakeTripleQuoted(HoconPosition start)
    {
        var end = text.IndexOf("\"\"\"", _at, StringComparison.Ordinal);
        if (end < 0)
            throw Error($"the string that starts at {start} has no closing triple quote.");
        var value = text[_at..end];
        _at = end + 3;
        return value;
    }

    private char TakeEscape()
    {
        _at++;
        if (AtEnd)
            throw Error("the text ends inside a string.");
        var escaped = text[_at++];
        return escaped switch
        {
            '"' or '\\' or '/' => escaped,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => TakeUnicodeEscape(),
            _ => throw Error($"'\\{escaped}' is no escape. Escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u "
                + "with 4 hex digits."),
        };
    }

    private char TakeUnicodeEscape()
    {
        if (_at + 4 > text.Length || !ushort.TryParse(text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out var code))
            throw Error("\\u needs 4 hex digits.");
        _at += 4;
        return (char)code;
    }

    private string TakeWhile(Func<char, bool> belongs)
    {
        var start = _at;
        while (!AtEnd && belongs(Current) && !At("//") && !At("+="))
            _at++;
        return text[start.._at];
    }

    private void SkipLine()
    {
        var end = text.IndexOf('\n', _at);
        _at = end < 0 ? text.Length : end + 1;
    }
}
