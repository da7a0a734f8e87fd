using Flume.Log.Primitives;

namespace Flume.Ssb.Messages;

/// <summary>The distinct destinations of one message, as UTF-8. Reused for each message.</summary>
/// <remarks>Destinations with the same fingerprint count as one. Not thread-safe.</remarks>
public sealed class LinkSet
{
    // Up to this size, a linear search is faster than a set.
    private const int ListMax = 32;

    private readonly HashSet<ulong> _seen = [];
    private byte[] _bytes = new byte[128];
    private Entry[] _entries = new Entry[2];
    private int _used;

    /// <summary>The number of destinations.</summary>
    public int Count { get; private set; }

    /// <summary>The n-th destination, in the order of first appearance.</summary>
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_entries[index].Start, _entries[index].Length);

    /// <summary>The fingerprint of the n-th destination.</summary>
    public ulong Fingerprint(int index) => _entries[index].Fingerprint;

    /// <summary>The kind of the n-th destination; None for a hashtag.</summary>
    public RefKind Kind(int index) => _entries[index].Kind;

    internal void Clear()
    {
        if (Count > ListMax) _seen.Clear();
        Count = 0;
        _used = 0;
    }

    internal void Add(ReadOnlySpan<byte> utf8, RefKind kind)
    {
        ulong fingerprint = Log.Primitives.Fingerprint.Of(utf8);
        if (!IsNew(fingerprint)) return;
        if (_used + utf8.Length > _bytes.Length) Array.Resize(ref _bytes, (_used + utf8.Length) * 2);
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        utf8.CopyTo(_bytes.AsSpan(_used));
        _entries[Count++] = new Entry(_used, utf8.Length, kind, fingerprint);
        _used += utf8.Length;
    }

    private bool IsNew(ulong fingerprint)
    {
        if (Count > ListMax) return _seen.Add(fingerprint);
        for (int i = 0; i < Count; i++)
        {
            if (_entries[i].Fingerprint == fingerprint) return false;
        }

        if (Count == ListMax)
        {
            for (int i = 0; i < Count; i++) _seen.Add(_entries[i].Fingerprint);
            _seen.Add(fingerprint);
        }

        return true;
    }

    private readonly record struct Entry(int Start, int Length, RefKind Kind, ulong Fingerprint);
}
