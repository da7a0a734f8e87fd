namespace Flume.Actors;

/// <summary>
/// Checks the outline of a HOCON text, which Akka's parser does not: braces and brackets that match, texts that end,
/// and a separator in each field.
/// </summary>
internal sealed class HoconShape
{
    private readonly string _text;
    private readonly Stack<(char Open, int Line)> _open = new();
    private int _at;
    private int _line = 1;
    private int _fieldLine;
    private bool _hasField;
    private bool _hasSeparator;
    private bool _hasValue;

    private HoconShape(string text) => _text = text;

    /// <summary>What is wrong, with its line; null if nothing is. Lines end with a line feed.</summary>
    public static string? Fault(string text) => new HoconShape(text).Find();

    private bool InArray => _open.TryPeek(out (char Open, int Line) inner) && inner.Open == '[';

    private string? Find()
    {
        while (_at < _text.Length)
        {
            if (Step() is { } fault) return fault;
        }

        if (EndField() is { } last) return last;
        return _open.TryPeek(out (char Open, int Line) left)
            ? $"the '{left.Open}' of line {left.Line} is not closed"
            : null;
    }

    private string? Step()
    {
        char one = _text[_at];
        if (one == '#' || _text.AsSpan(_at).StartsWith("//"))
        {
            while (_at < _text.Length && _text[_at] != '\n') _at++;
            return null;
        }

        if (one == '"') return Quoted();
        if (_text.AsSpan(_at).StartsWith("${")) return Substitution();
        _at++;
        switch (one)
        {
            case '\n':
                string? fault = _hasSeparator && !_hasValue ? null : EndField();
                _line++;
                return fault;
            case ',': return EndField();
            case '{' or '[':
                if (!InArray) (_hasField, _hasSeparator, _hasValue) = (false, false, false);
                _open.Push((one, _line));
                return null;
            case '}' or ']': return Close(one);
            case '=' or ':':
                _hasSeparator = true;
                return null;
            default:
                if (!char.IsWhiteSpace(one)) Content();
                return null;
        }
    }

    private string? Close(char one)
    {
        if (EndField() is { } fault) return fault;
        char opening = one == '}' ? '{' : '[';
        if (!_open.TryPop(out (char Open, int Line) inner)) return $"line {_line}: a '{one}' closes nothing";
        return inner.Open == opening ? null : $"line {_line}: a '{one}' closes the '{inner.Open}' of line {inner.Line}";
    }

    private string? Substitution()
    {
        Content();
        int end = _text.IndexOf('}', _at);
        if (end < 0) return $"line {_line}: a '${{' does not end";
        _at = end + 1;
        return null;
    }

    private string? Quoted()
    {
        Content();
        int from = _line;
        bool isLong = _text.AsSpan(_at).StartsWith("\"\"\"");
        int end = isLong ? _text.IndexOf("\"\"\"", _at + 3, StringComparison.Ordinal) : EndOfShort();
        if (end < 0) return $"line {from}: a text in quotes does not end";
        _line += _text.AsSpan(_at, end - _at).Count('\n');
        _at = end + (isLong ? 3 : 1);
        return null;
    }

    private int EndOfShort()
    {
        for (int i = _at + 1; i < _text.Length && _text[i] != '\n'; i++)
        {
            if (_text[i] == '"') return i;
            if (_text[i] == '\\') i++;
        }

        return -1;
    }

    private void Content()
    {
        if (_hasSeparator) _hasValue = true;
        else if (!_hasField) (_hasField, _fieldLine) = (true, _line);
    }

    private string? EndField()
    {
        bool isFault = _hasField && !_hasSeparator && !InArray && !IsInclude();
        (_hasField, _hasSeparator, _hasValue) = (false, false, false);
        return isFault ? $"line {_fieldLine}: a key has no value; expected KEY = VALUE" : null;
    }

    private bool IsInclude() =>
        _text.Split('\n')[_fieldLine - 1].TrimStart(' ', '\t', '{').StartsWith("include", StringComparison.Ordinal);
}
