using System.Buffers;
using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;

namespace Flume.Query.Json;

/// <summary>
/// An object: its members by name, in JavaScript's order (index-like names ascending, then insertion order).
/// </summary>
/// <remarks>
/// 1. A parsed object never changes, and any number of threads may read it; <see cref="Copy"/> makes a mutable one.
/// 2. Only one thread at a time may use an object that code changes.
/// 3. An object made by <see cref="With"/> reads the parsed object below it. It creates its own table only for a change
/// or an enumeration.
/// 4. Of duplicate members in a text, the last value counts, at the position of the first.
/// </remarks>
public sealed class JsObject : IEnumerable<KeyValuePair<string, JsValue>>
{
    private const int NameMax = 48;

    private readonly JsText? _text;
    private readonly int _start;
    private readonly int _length;
    private readonly JsObject? _under;
    private readonly KeyValuePair<string, JsValue>[] _added = [];
    private JsMembers? _members;
    private bool _asked;

    /// <summary>An object without members.</summary>
    public JsObject() => _members = new JsMembers(null, 4);

    internal JsObject(JsText text, int start, int length)
    {
        _text = text;
        _start = start;
        _length = length;
    }

    private JsObject(JsMembers members) => _members = members;

    private JsObject(JsObject under, KeyValuePair<string, JsValue>[] added)
    {
        _under = under;
        _added = added;
    }

    /// <summary>The number of members.</summary>
    /// <exception cref="JsSyntaxException">The parsed text of the object is not JSON; this applies to all members
    /// below.</exception>
    public int Count => Members.Count;

    /// <summary>True if it was parsed, so that it cannot change.</summary>
    public bool IsParsed => _text is not null;

    /// <summary>The parsed text, or empty.</summary>
    internal ReadOnlyMemory<byte> Raw => _text is null ? default : _text.Utf8.Slice(_start, _length);

    /// <summary>
    /// True for two objects of the same position in the same text: JavaScript has one object for both.
    /// </summary>
    internal bool IsSame(JsObject other) =>
        ReferenceEquals(this, other) || (_text is not null && _text == other._text && _start == other._start);

    /// <summary>An identity that is equal if <see cref="IsSame"/> is true.</summary>
    internal int Identity => _text is null ? RuntimeHelpers.GetHashCode(this) : HashCode.Combine(_text, _start);

    // Two threads may create the table at once; both tables are equal, so either one may remain.
    private JsMembers Members => _members ??= _under is null ? JsParser.Members(_text!, _start, _length) : Joined();

    /// <summary>The member's value; undefined if there is none.</summary>
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

    /// <summary>The value of the member with this UTF-8 name; undefined if there is none.</summary>
    public JsValue Get(ReadOnlySpan<byte> utf8Name)
    {
        if (_members is null && _under is not null)
            return Added(utf8Name, out JsValue added) ? added : _under.Get(utf8Name);
        // Most records are read once, by a filter that fails: only a second read creates a table.
        if (_members is null && !_asked)
        {
            _asked = true;
            if (JsParser.TryFind(_text!, (_start, _length), utf8Name, out JsValue value)) return value;
        }

        JsMembers members = Members;
        int place = members.Find(utf8Name);
        return place < 0 ? JsValue.Undefined : members[place];
    }

    /// <summary>Finds a member's value.</summary>
    public bool TryGet(string name, out JsValue value)
    {
        JsMembers members = Members;
        int place = members.Find(name);
        value = place < 0 ? JsValue.Undefined : members[place];
        return place >= 0;
    }

    /// <summary>
    /// Sets a member: a new one is the last, an existing one keeps its position. Returns this object.
    /// </summary>
    /// <exception cref="InvalidOperationException">The object was parsed.</exception>
    public JsObject Set(string name, JsValue value)
    {
        Changeable().Set(name, value);
        return this;
    }

    /// <summary>Removes a member; false if there is none of this name.</summary>
    /// <exception cref="InvalidOperationException">The object was parsed.</exception>
    public bool Remove(string name) => Changeable().Remove(name);

    /// <summary>A mutable object with the same members; both share the values.</summary>
    public JsObject Copy() => new(Members.Copy());

    /// <summary>
    /// An object with the members of this one and one more, set as <see cref="Set"/> does. A parsed object is neither
    /// copied nor read.
    /// </summary>
    public JsObject With(string name, JsValue value)
    {
        if (_members is not null && _text is null) return Copy().Set(name, value);
        return new JsObject(_under ?? this, [.. _added, new KeyValuePair<string, JsValue>(name, value)]);
    }

    /// <summary>
    /// The parsed text of an object that <see cref="With"/> made, and the members that follow its own. False for any
    /// other object, or if the text already contains one of these members.
    /// </summary>
    internal bool TryGetText(out ReadOnlyMemory<byte> text, out IReadOnlyList<KeyValuePair<string, JsValue>> added)
    {
        text = default;
        added = _added;
        if (_under is null || _members is not null || _under.Count == 0) return false;
        for (int i = 0; i < _added.Length; i++)
        {
            if (!_under[_added[i].Key].IsUndefined || JsMembers.TryIndex(_added[i].Key, out _)) return false;
            for (int j = 0; j < i; j++)
            {
                if (_added[j].Key == _added[i].Key) return false;
            }
        }

        text = _under.Raw;
        return true;
    }

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

    private JsMembers Joined()
    {
        JsMembers all = _under!.Members.Copy();
        foreach ((string name, JsValue value) in _added) all.Set(name, value);
        return all;
    }

    private bool Added(ReadOnlySpan<byte> utf8Name, out JsValue value)
    {
        for (int i = _added.Length - 1; i >= 0; i--)
        {
            value = _added[i].Value;
            if (JsMembers.Same(_added[i].Key, utf8Name)) return true;
        }

        value = default;
        return false;
    }

    private JsMembers Changeable() => _text is null ? Members : throw new InvalidOperationException(
        "This object came from a parse, and parsed values never change. Change a Copy() of it.");
}
