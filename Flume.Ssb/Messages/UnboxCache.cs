using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Flume.Log;

namespace Flume.Ssb.Messages;

/// <summary>The result of a lookup in an unbox cache.</summary>
internal enum UnboxOutcome : byte
{
    /// <summary>The box was not tried before.</summary>
    Untried,

    /// <summary>The box is not for this identity.</summary>
    Nothing,

    /// <summary>The box was decrypted.</summary>
    Opened,
}

/// <summary>
/// Caches the unbox result of each box of a log for one identity. The file is beside the log, so that rebuilds avoid
/// X25519.
/// </summary>
/// <remarks>
/// 1. It is a cache. Writes use no fsync, and opening cuts a torn or damaged end.
/// 2. An entry contains the first eight bytes of the box's random nonce. After a cut or a replaced log, old entries
/// therefore return "untried" for other boxes.
/// 3. Thread-safe, also during writes.
/// 4. At most <see cref="PendingMax"/> entries are unwritten. <see cref="Flush"/> and <see cref="Dispose"/> write them.
/// </remarks>
public sealed class UnboxCache : IDisposable
{
    /// <summary>The maximum number of unwritten entries.</summary>
    public const int PendingMax = 4096;

    /// <summary>The number of nonce bytes that identify a box.</summary>
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

    /// <summary>The number of cached boxes.</summary>
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

    /// <summary>The cached result of a box.</summary>
    internal UnboxOutcome Find(Offset offset, ReadOnlySpan<byte> box, Span<byte> unboxKey)
    {
        ulong nonce = BinaryPrimitives.ReadUInt64LittleEndian(box);
        lock (_lock)
        {
            if (!_entries.TryGetValue(offset.Value, out Entry entry) || entry.Nonce != nonce)
                return UnboxOutcome.Untried;
            if (entry.Key < 0) return UnboxOutcome.Nothing;
            Key(entry.Key).CopyTo(unboxKey);
            return UnboxOutcome.Opened;
        }
    }

    /// <summary>
    /// True if a box that starts with these <see cref="NonceBytes"/> is known not to be for this identity.
    /// </summary>
    internal bool IsNotForUs(Offset offset, ReadOnlySpan<byte> start)
    {
        ulong nonce = BinaryPrimitives.ReadUInt64LittleEndian(start);
        lock (_lock)
            return _entries.TryGetValue(offset.Value, out Entry entry) && entry.Nonce == nonce && entry.Key < 0;
    }

    /// <summary>Adds the result of a box. An empty key means that the box is not for this identity.</summary>
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

    /// <summary>Loads one entry of the file and returns its length.</summary>
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
