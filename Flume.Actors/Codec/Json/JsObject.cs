using System.Buffers;
using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;

namespace Flume.Codec.Json;

/// <summary>
/// An object: members by name, enumerated as JavaScript does (index-like names ascending, then as set).
/// </summary>
/// <remarks>
/// 1. One that came from a parse never changes: <see cref="Copy"/> gives one that can. Any number of threads may read
///    it.
/// 2. One made by code is for one thread at a time while it changes.
/// 3. Of members written twice in a text the last value holds, at the place of the first.
/// </remarks>
public sealed class JsObject : IEnumerable<KeyValuePair<string, JsValue>>
{
    private const int NameMax = 48;

    private readonly JsText? _text;
    private readonly int _start;
    private readonly int _length;
    private JsMembers? _members;
    private bool _asked;

    /// <summary>An object without members.</summary>
    public JsObject() => _members = new JsMembers();

    internal JsObject(JsText text, int start, int length)
    {
        _text = text;
        _start = start;
        _length = length;
    }

    private JsObject(JsMembers members) => _members = members;

    /// <summary>How many members there are.</summary>
    /// <exception cref="JsSyntaxException">The parsed text of the object is not JSON; so at every member
    /// below.</exception>
    public int Count => Members.Count;

    /// <summary>True when it came from a parse, so that it cannot change.</summary>
    public bool IsParsed => _text is not null;

    /// <summary>The parsed text, or nothing.</summary>
    internal ReadOnlyMemory<byte> Raw => _text is null ? default : _text.Utf8.Slice(_start, _length);

    /// <summary>True for two readings of the same place of the same text, which JavaScript has as one object.</summary>
    internal bool IsSame(JsObject other) =>
        ReferenceEquals(this, other) || (_text is not null && _text == other._text && _start == other._start);

    /// <summary>Equal for what <see cref="IsSame"/> says is one.</summary>
    internal int Identity => _text is null ? RuntimeHelpers.GetHashCode(this) : HashCode.Combine(_text, _start);

    // Two threads may scan at once; both tables say the same, and either may stay.
    private JsMembers Members => _members ??= JsParser.Members(_text!, _start, _length);

    /// <summary>The member's value, undefined when there is none.</summary>
    public JsValue this[string name]
    {
        get
        {
            Span<byte> utf8 = stackalloc byte[NameMax];
            if (name.Length <= NameMax && Ascii.FromUtf16(name, utf8, out int length) == OperationStatus.Done)
                return Get(utf8[..length]);
            return TryGet(name, out JsValue value) ? value : JsValue.Undefined;
        }
    }

    /// <summary>The value of the member with this name, given as UTF-8; undefined when there is none.</summary>
    public JsValue Get(ReadOnlySpan<byte> utf8Name)
    {
        // Most records are asked once, by a filter that fails: only the second question is worth a table.
        if (_members is null && !_asked)
        {
            _asked = true;
            if (JsParser.TryFind(_text!, (_start, _length), utf8Name, out JsValue value)) return value;
        }

        JsMembers members = Members;
        int place = members.Find(utf8Name);
        return place < 0 ? JsValue.Undefined : members[place];
    }

    /// <summary>The member's value, when there is such a member.</summary>
    public bool TryGet(string name, out JsValue value)
    {
        JsMembers members = Members;
        int place = members.Find(name);
        value = place < 0 ? JsValue.Undefined : members[place];
        return place >= 0;
    }

    /// <summary>Sets a member: a new one comes last, one that is there keeps its place. Returns this.</summary>
    /// <exception cref="InvalidOperationException">The object came from a parse.</exception>
    public JsObject Set(string name, JsValue value)
    {
        Changeable().Set(name, value);
        return this;
    }

    /// <summary>Takes a member out; false when there is none of that name.</summary>
    /// <exception cref="InvalidOperationException">The object came from a parse.</exception>
    public bool Remove(string name) => Changeable().Remove(name);

    /// <summary>An object with the same members that can change; the values are shared.</summary>
    public JsObject Copy() => new(Members.Copy());

    /// <summary>The n-th member in JavaScript's order.</summary>
    public KeyValuePair<string, JsValue> At(int nth)
    {
        JsMembers members = Members;
        int place = members.Place(nth);
        return new KeyValuePair<string, JsValue>(members.Name(place), members[place]);
    }

    /// <summary>The members in JavaScript's order.</summary>
    public IEnumerator<KeyValuePair<string, JsValue>> GetEnumerator()
    {
        int count = Count;
        for (int i = 0; i < count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private JsMembers Changeable() => _text is null ? _members! : throw new InvalidOperationException(
        "This object came from a parse, and parsed values never change. Change a Copy() of it.");
}
