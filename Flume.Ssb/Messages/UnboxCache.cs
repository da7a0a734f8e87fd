using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Flume.Log;

namespace Flume.Ssb.Messages;

/// <summary>What was found in a memory of boxes.</summary>
internal enum UnboxOutcome : byte
{
    /// <summary>This box was never tried.</summary>
    Untried,

    /// <summary>It was tried and is for somebody else.</summary>
    Nothing,

    /// <summary>It opened.</summary>
    Opened,
}

/// <summary>
/// What each box of a log opened to for one identity, kept beside the log so that no rebuild pays for X25519 again.
/// </summary>
/// <remarks>
/// 1. It is a cache: losing it costs time and nothing else, so it is written without fsync, and a torn or damaged end
///    is cut at open.
/// 2. An entry holds for one box, not only for one offset: it carries the first eight bytes of the box's random nonce.
///    So entries of a log that was cut or replaced answer "untried" for what stands at their offsets now.
/// 3. Lookups may come from any number of threads, also while one remembers.
/// 4. Unwritten entries are at most <see cref="PendingMax"/>; <see cref="Flush"/> and <see cref="Dispose"/> write them.
/// </remarks>
public sealed class UnboxCache : IDisposable
{
    /// <summary>Entries that may wait for one write.</summary>
    public const int PendingMax = 4096;

    /// <summary>How many bytes of a box tell it from others.</summary>
    internal const int NonceBytes = sizeof(ulong);

    private readonly Lock _lock = new();
    private readonly UnboxCacheFile _file;
    private readonly Dictionary<long, Entry> _entries;
    private readonly List<KeyValuePair<long, Entry>> _pending = [];
    private byte[] _keys;
    private int _keyCount;

    private UnboxCache(UnboxCacheFile file, int capacity)
    {
        _file = file;
        _entries = new Dictionary<long, Entry>(capacity);
        _keys = new byte[PrivateBox.UnboxKeyBytes * 64];
    }

    /// <summary>How many boxes are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    /// <summary>Why nothing is written any more; null while the disk takes it. Entries in memory stay.</summary>
    public IOException? WriteFailure { get; private set; }

    /// <summary>The memory of <paramref name="identity"/> in the folder of a log; made when it is not there.</summary>
    /// <param name="folder">Where it lives, in a file named after the identity.</param>
    /// <param name="identity">Whose boxes these are.</param>
    /// <remarks>A file of another identity or version is started over.</remarks>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static UnboxCache Open(string folder, FeedKeys identity)
    {
        UnboxCacheFile file = UnboxCacheFile.Open(folder, identity, out byte[] entries);
        var memory = new UnboxCache(file, entries.Length / UnboxCacheFile.NothingBytes);
        for (int at = 0; at < entries.Length;) at += memory.Load(entries.AsSpan(at));
        return memory;
    }

    /// <summary>Writes what is not written yet.</summary>
    /// <remarks>After a write that failed nothing more is written: what the file has stays good up to there.</remarks>
    public void Flush()
    {
        lock (_lock) WritePending();
    }

    /// <summary>Flushes and closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            WritePending();
            _file.Dispose();
        }
    }

    /// <summary>What a box opened to.</summary>
    internal UnboxOutcome Find(Offset offset, ReadOnlySpan<byte> box, Span<byte> unboxKey)
    {
        ulong nonce = BinaryPrimitives.ReadUInt64LittleEndian(box);
        lock (_lock)
        {
            if (!_entries.TryGetValue(offset.Value, out Entry entry) || entry.Nonce != nonce) return UnboxOutcome.Untried;
            if (entry.Key < 0) return UnboxOutcome.Nothing;
            Key(entry.Key).CopyTo(unboxKey);
            return UnboxOutcome.Opened;
        }
    }

    /// <summary>True when a box that begins with these <see cref="NonceBytes"/> was tried and did not open.</summary>
    internal bool IsNotForUs(Offset offset, ReadOnlySpan<byte> start)
    {
        ulong nonce = BinaryPrimitives.ReadUInt64LittleEndian(start);
        lock (_lock) return _entries.TryGetValue(offset.Value, out Entry entry) && entry.Nonce == nonce && entry.Key < 0;
    }

    /// <summary>Remembers what a box opened to; an empty key says that it did not.</summary>
    internal void Remember(Offset offset, ReadOnlySpan<byte> box, ReadOnlySpan<byte> unboxKey)
    {
        ulong nonce = BinaryPrimitives.ReadUInt64LittleEndian(box);
        lock (_lock)
        {
            bool known = _entries.TryGetValue(offset.Value, out Entry old) && old.Nonce == nonce;
            bool same = old.Key < 0 ? unboxKey.IsEmpty : Key(old.Key).SequenceEqual(unboxKey);
            if (known && same) return;
            var entry = new Entry(nonce, unboxKey.IsEmpty ? -1 : AddKey(unboxKey));
            _entries[offset.Value] = entry;
            _pending.Add(new KeyValuePair<long, Entry>(offset.Value, entry));
            if (_pending.Count >= PendingMax) WritePending();
        }
    }

    private void WritePending()
    {
        if (WriteFailure is not null) _pending.Clear();
        if (_pending.Count == 0) return;
        var bytes = new byte[_pending.Count * UnboxCacheFile.OpenedBytes];
        int at = 0;
        foreach ((long offset, Entry entry) in _pending)
        {
            bool opened = entry.Key >= 0;
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), opened ? ~offset : offset);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at + 8), entry.Nonce);
            if (opened) Key(entry.Key).CopyTo(bytes.AsSpan(at + UnboxCacheFile.NothingBytes));
            at += opened ? UnboxCacheFile.OpenedBytes : UnboxCacheFile.NothingBytes;
        }

        try
        {
            _file.Append(bytes.AsSpan(0, at));
        }
        catch (IOException cause)
        {
            WriteFailure = cause;
        }

        _pending.Clear();
    }

    /// <summary>Takes in one entry as the file holds it; returns its length.</summary>
    private int Load(ReadOnlySpan<byte> bytes)
    {
        long offset = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        ulong nonce = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        bool opened = offset < 0;
        int key = opened ? AddKey(bytes.Slice(UnboxCacheFile.NothingBytes, PrivateBox.UnboxKeyBytes)) : -1;
        _entries[opened ? ~offset : offset] = new Entry(nonce, key);
        return opened ? UnboxCacheFile.OpenedBytes : UnboxCacheFile.NothingBytes;
    }

    private Span<byte> Key(int index) => _keys.AsSpan(index * PrivateBox.UnboxKeyBytes, PrivateBox.UnboxKeyBytes);

    private int AddKey(ReadOnlySpan<byte> key)
    {
        if ((_keyCount + 1) * PrivateBox.UnboxKeyBytes > _keys.Length) Array.Resize(ref _keys, _keys.Length * 2);
        key.CopyTo(Key(_keyCount));
        return _keyCount++;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(ulong Nonce, int Key);
}
