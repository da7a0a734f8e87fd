using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Flume.Query.Json;

/// <summary>The members of one object, in insertion order, found by name.</summary>
/// <remarks>
/// 1. Names are unique: a second value for a name replaces the first at its position.
/// 2. A name remains in the parsed text until a string is needed; then only if it is plain ASCII without escapes.
/// 3. From <see cref="IndexFrom"/> members on, a dictionary finds names, so that no text makes lookups slow.
/// </remarks>
internal sealed class JsMembers(JsText? text = null, int room = 8)
{
    private const int IndexFrom = 16;

    private Member[] _members = new Member[room];
    private Dictionary<string, int>? _index;
    private bool _hasIndexNames;
    private int[]? _order;

    /// <summary>The number of members.</summary>
    public int Count { get; private set; }

    /// <summary>The value at a position that a find returned.</summary>
    public JsValue this[int place] => _members[place].Value;

    /// <summary>The name at a position.</summary>
    public string Name(int place) => _members[place].Name ??= Encoding.ASCII.GetString(Raw(_members[place]));

    /// <summary>
    /// The position of the n-th member in JavaScript's order: index-like names ascending, then insertion order.
    /// </summary>
    public int Place(int nth) => _hasIndexNames ? (_order ??= Order())[nth] : nth;

    /// <summary>The position of a name, or -1.</summary>
    public int Find(string name)
    {
        if (_index is not null) return _index.GetValueOrDefault(name, -1);
        for (int i = 0; i < Count; i++)
        {
            ref Member member = ref _members[i];
            if (member.Name is null ? Ascii.Equals(Raw(member), name) : member.Name == name) return i;
        }

        return -1;
    }

    /// <summary>The position of a UTF-8 name, or -1; allocates nothing.</summary>
    public int Find(ReadOnlySpan<byte> utf8Name)
    {
        if (_index is not null) return FindIndexed(utf8Name);
        for (int i = 0; i < Count; i++)
        {
            ref Member member = ref _members[i];
            if (member.Name is null ? Raw(member).SequenceEqual(utf8Name) : Same(member.Name, utf8Name)) return i;
        }

        return -1;
    }

    /// <summary>
    /// Adds a parsed member, or replaces the value of an earlier member with its name.
    /// </summary>
    public void AddParsed((int Start, int Length) name, bool escaped, JsValue value)
    {
        var member = new Member { NameStart = name.Start, NameLength = name.Length, Value = value };
        ReadOnlySpan<byte> raw = Raw(member);
        bool plain = !escaped && Ascii.IsValid(raw) && raw.IndexOfAnyInRange((byte)0, (byte)0x1f) < 0;
        if (plain && _index is null)
        {
            int place = Find(raw);
            bool digit = raw.Length > 0 && (uint)(raw[0] - '0') <= 9;
            if (place >= 0) _members[place].Value = value;
            else Add(member, digit && TryIndex(Encoding.ASCII.GetString(raw), out _));
            return;
        }

        Set(JsString.Decode(raw, escaped, name.Start), value);
    }

    /// <summary>Sets a member; an existing one keeps its position.</summary>
    public void Set(string name, JsValue value)
    {
        int place = Find(name);
        if (place >= 0) _members[place].Value = value;
        else Add(new Member { Name = name, Value = value }, TryIndex(name, out _));
    }

    /// <summary>Removes a member; later members move up.</summary>
    public bool Remove(string name)
    {
        int place = Find(name);
        if (place < 0) return false;
        Array.Copy(_members, place + 1, _members, place, --Count - place);
        _members[Count] = default;
        _order = null;
        _index = null;
        if (Count >= IndexFrom) BuildIndex();
        return true;
    }

    /// <summary>A copy of the table; both share the values.</summary>
    public JsMembers Copy()
    {
        var copy = new JsMembers(text) { _members = new Member[Math.Max(8, Count + 2)], Count = Count };
        Array.Copy(_members, copy._members, Count);
        copy._hasIndexNames = _hasIndexNames;
        if (_index is not null) copy._index = new Dictionary<string, int>(_index, StringComparer.Ordinal);
        return copy;
    }

    /// <summary>
    /// True for the names that JavaScript orders as array indexes: 0 … 4294967294 without leading zeros.
    /// </summary>
    public static bool TryIndex(string name, out uint index)
    {
        index = 0;
        if (name.Length is 0 or > 10 || (name[0] == '0' && name.Length > 1)) return false;
        ulong sum = 0;
        foreach (char c in name)
        {
            if (!char.IsAsciiDigit(c)) return false;
            sum = (sum * 10) + (uint)(c - '0');
        }

        index = (uint)sum;
        return sum < uint.MaxValue;
    }

    /// <summary>True when a string has exactly these UTF-8 bytes.</summary>
    public static bool Same(string text, ReadOnlySpan<byte> utf8)
    {
        if (Ascii.IsValid(text)) return Ascii.Equals(utf8, text);
        if (utf8.Length > text.Length * 3) return false;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(text.Length * 3);
        Utf8.FromUtf16(text, bytes, out _, out int length);
        bool same = utf8.SequenceEqual(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
        return same;
    }

    private ReadOnlySpan<byte> Raw(in Member member) => text!.Slice(member.NameStart, member.NameLength);

    private void Add(in Member member, bool indexName)
    {
        if (Count == _members.Length) Array.Resize(ref _members, Count * 2);
        _members[Count++] = member;
        _hasIndexNames |= indexName;
        _order = null;
        if (_index is not null) _index.Add(Name(Count - 1), Count - 1);
        else if (Count == IndexFrom) BuildIndex();
    }

    private void BuildIndex()
    {
        _index = new Dictionary<string, int>(Count * 2, StringComparer.Ordinal);
        for (int i = 0; i < Count; i++) _index.Add(Name(i), i);
    }

    private int FindIndexed(ReadOnlySpan<byte> utf8Name)
    {
        char[] name = ArrayPool<char>.Shared.Rent(utf8Name.Length);
        int length = Encoding.UTF8.GetChars(utf8Name, name);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup =
            _index!.GetAlternateLookup<ReadOnlySpan<char>>();
        int place = lookup.TryGetValue(name.AsSpan(0, length), out int found) ? found : -1;
        ArrayPool<char>.Shared.Return(name);
        return place;
    }

    private int[] Order()
    {
        var order = new int[Count];
        var keys = new ulong[Count];
        for (int i = 0; i < Count; i++)
        {
            order[i] = i;
            keys[i] = TryIndex(Name(i), out uint index) ? index : (1UL << 32) + (uint)i;
        }

        Array.Sort(keys, order);
        return order;
    }

    private struct Member
    {
        public string? Name;
        public int NameStart;
        public int NameLength;
        public JsValue Value;
    }
}
