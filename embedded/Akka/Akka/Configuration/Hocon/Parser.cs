namespace Akka.Configuration.Hocon;

/// <summary>Turns HOCON text into a tree of values.</summary>
/// <remarks>
/// 1. A key written twice: objects are merged, anything else is replaced.
/// 2. Substitutions are looked up in the whole text once it is read, and then in the environment.
/// </remarks>
public class Parser
{
    private readonly List<HoconSubstitution> _substitutions = [];
    private HoconReader _reader;
    private Func<string, HoconRoot> _includeCallback;

    /// <summary>Parses a text whose outermost braces may be left out.</summary>
    /// <param name="text">HOCON.</param>
    /// <param name="includeCallback">Gives the root for an included name; null where nothing may be included.</param>
    /// <exception cref="FormatException">The text is no HOCON; the message names line and column.</exception>
    public static HoconRoot Parse(string text, Func<string, HoconRoot> includeCallback) =>
        new Parser { _reader = new HoconReader(text), _includeCallback = includeCallback }.ParseRoot();

    private HoconRoot ParseRoot()
    {
        var rootObject = new HoconObject();
        _reader.SkipBlanks();
        var start = _reader.Position;
        var braced = _reader.TrySkip("{");
        ParseMembers(rootObject, braced ? start : null);
        _reader.SkipBlanks();
        if (!_reader.AtEnd)
            throw _reader.Error($"'{_reader.Current}' stands after the end of the outermost object.");

        var root = new HoconValue();
        root.AppendValue(rootObject);
        if (_substitutions.Count > 0)
            new HoconResolver(rootObject).ResolveAll();
        return new HoconRoot(root, _substitutions);
    }

    private void ParseMembers(HoconObject owner, HoconPosition? opened)
    {
        while (true)
        {
            _reader.SkipSeparators();
            if (_reader.AtEnd)
            {
                if (opened != null)
                    throw _reader.Error($"the object opened at {opened} is not closed. Add a '}}'.");
                return;
            }
            if (_reader.Current == '}')
            {
                if (opened == null)
                    throw _reader.Error("this '}' closes nothing.");
                _reader.Skip();
                return;
            }
            if (!TryParseInclude(owner))
                ParseMember(owner);
        }
    }

    private bool TryParseInclude(HoconObject owner)
    {
        if (!HoconInclude.TryRead(_reader, out var name))
            return false;
        if (_includeCallback == null)
            throw _reader.Error($"'{name}' can not be included: the text was parsed without a way to load others.");
        var included = _includeCallback(name)
            ?? throw _reader.Error($"'{name}' could not be included: nothing was loaded.");
        owner.Merge(included.Value.GetObject());
        return true;
    }

    private void ParseMember(HoconObject owner)
    {
        var key = ParseKey();
        while (_reader.TrySkip("."))
        {
            owner = ObjectAt(owner, key);
            _reader.SkipBlanks();
            key = ParseKey();
        }

        _reader.SkipBlanks();
        var opened = _reader.Position;
        if (_reader.TrySkip("{"))
        {
            var inner = new HoconObject();
            ParseMembers(inner, opened);
            Assign(owner, key, [inner]);
        }
        else if (_reader.TrySkip("+="))
        {
            Append(owner, key, ParsePieces());
        }
        else if (_reader.TrySkip("=") || _reader.TrySkip(":"))
        {
            Assign(owner, key, ParsePieces());
        }
        else
        {
            throw _reader.Error($"the key '{key}' has no value. Write '=' and a value, or an object in braces.");
        }
    }

    private string ParseKey()
    {
        if (_reader.Current == '"')
        {
            var quoted = _reader.TakeQuoted();
            _reader.TakeBlanksOfLine();
            return quoted;
        }
        var bare = _reader.TakeBareKey();
        if (bare.Length == 0)
            throw _reader.Error(_reader.AtEnd
                ? "a key is missing." : $"'{_reader.Current}' can not start a key. Quote it.");
        return bare;
    }

    private List<IHoconElement> ParsePieces()
    {
        _reader.SkipBlanks();
        var pieces = new List<IHoconElement>();
        while (true)
        {
            var piece = ParsePiece();
            if (piece == null)
                break;
            pieces.Add(piece);
            var blanks = _reader.TakeBlanksOfLine();
            if (blanks.Length > 0)
                pieces.Add(new HoconLiteral { Value = blanks });
        }
        if (pieces.Count == 0 && (_reader.AtEnd || _reader.Current is not ('}' or ',')))
            throw _reader.Error("a value is missing.");
        HoconPieces.TrimBlanks(pieces);
        return pieces;
    }

    private IHoconElement ParsePiece()
    {
        var position = _reader.Position;
        switch (_reader.Current)
        {
            case '{':
                _reader.Skip();
                var inner = new HoconObject();
                ParseMembers(inner, position);
                return inner;
            case '[':
                _reader.Skip();
                return ParseArray(position);
            case '"':
                return new HoconLiteral { Value = _reader.TakeQuoted() };
            case '$' when _reader.At("${"):
                return ParseSubstitution(position);
            default:
                return ParseBareText();
        }
    }

    private HoconLiteral ParseBareText()
    {
        var word = _reader.TakeBareWord();
        if (word.Length > 0 && _reader.Current is '=' or ':')
            throw new ConfigurationException($"Could not parse the configuration at {_reader.Position}: "
                + $"'{_reader.Current}' can not stand in a bare value. Quote the value, or put an object in braces.");
        return word.Length == 0 ? null : new HoconLiteral { Value = word };
    }

    private HoconArray ParseArray(HoconPosition opened)
    {
        var array = new HoconArray();
        while (true)
        {
            _reader.SkipSeparators();
            if (_reader.AtEnd)
                throw _reader.Error($"the array opened at {opened} is not closed. Add a ']'.");
            if (_reader.TrySkip("]"))
                return array;
            var item = new HoconValue();
            item.ReplaceBy(ParsePieces());
            array.Add(item);
        }
    }

    private HoconSubstitution ParseSubstitution(HoconPosition position)
    {
        _reader.Skip(2);
        var optional = _reader.TrySkip("?");
        var path = _reader.TakeBareWord().Trim();
        while (_reader.Current == '"')
            path += '"' + _reader.TakeQuoted() + '"' + _reader.TakeBareWord();
        if (path.Length == 0 || !_reader.TrySkip("}"))
            throw _reader.Error($"the substitution opened at {position} is not of the form ${{path}} or ${{?path}}.");
        var substitution = new HoconSubstitution(path) { IsOptional = optional, Position = position };
        _substitutions.Add(substitution);
        return substitution;
    }

    private static HoconObject ObjectAt(HoconObject owner, string key)
    {
        var value = owner.GetOrCreateKey(key);
        if (value.Values.LastOrDefault() is HoconObject inner)
            return inner;
        inner = new HoconObject();
        if (!HoconPieces.HasSubstitution(value.Values))
            value.Clear();
        value.AppendValue(inner);
        return inner;
    }

    private static void Assign(HoconObject owner, string key, List<IHoconElement> pieces)
    {
        var value = owner.GetOrCreateKey(key);
        if (pieces is [HoconObject theirs] && value.Values.Count > 0)
        {
            ObjectAt(owner, key).Merge(theirs);
            return;
        }
        var fresh = new HoconValue();
        fresh.ReplaceBy(pieces);
        if (HoconPieces.HasSubstitution(pieces))
            fresh.Previous = value.Values.Count > 0 ? value : null;
        owner.Items[key] = fresh;
    }

    private static void Append(HoconObject owner, string key, List<IHoconElement> pieces)
    {
        var item = new HoconValue();
        item.ReplaceBy(pieces);
        owner.GetOrCreateKey(key).AppendValue(new HoconArray { item });
    }
}
