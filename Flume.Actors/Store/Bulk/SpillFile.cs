using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Flume.Store.Bulk;

/// <summary>A sorted run that a sink set aside on disk when memory ran out; it never outlives its bulk load.</summary>
/// <remarks>
/// Rows follow each other as key length, value length (both 32 bits), key, value: packed blocks by index, then plain
/// rows under the key kind <see cref="RowKey.Plain"/> whose value starts with the record's offset and a byte that is 0
/// for a removal. Where each index starts is kept in memory.
/// </remarks>
internal sealed class SpillFile : IRowOutput, IDisposable
{
    private const int HeadLength = 8;
    private const int BufferLength = 64 * 1024;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<(byte Kind, byte Index), long> _starts = [];
    private byte[] _buffer = new byte[BufferLength];
    private int _used;
    private long _written;

    internal SpillFile(string path) => _file = File.OpenHandle(
        path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);

    /// <summary>The indexes that have postings here.</summary>
    internal IEnumerable<byte> Indexes =>
        _starts.Keys.Where(start => start.Kind == RowKey.Block).Select(start => start.Index);

    /// <inheritdoc/>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _starts.TryAdd((key[0], key[0] == RowKey.Block ? key[1] : (byte)0), _written + _used);
        int length = checked(HeadLength + key.Length + value.Length);
        if (_used + length > _buffer.Length) WriteOut();
        if (length > _buffer.Length) _buffer = new byte[length];
        Span<byte> row = _buffer.AsSpan(_used, length);
        BinaryPrimitives.WriteInt32LittleEndian(row, key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(row[4..], value.Length);
        key.CopyTo(row[HeadLength..]);
        value.CopyTo(row[(HeadLength + key.Length)..]);
        _used += length;
    }

    /// <summary>Adds a plain row.</summary>
    internal void Put(in BulkRow row)
    {
        byte[] value = new byte[9 + (row.Value?.Length ?? 0)];
        BinaryPrimitives.WriteInt64LittleEndian(value, row.Offset);
        value[8] = row.Value is null ? (byte)0 : (byte)1;
        row.Value?.CopyTo(value, 9);
        Put(RowKey.PlainKey(row.Key), value);
    }

    /// <summary>Ends writing.</summary>
    internal void WriteOut()
    {
        RandomAccess.Write(_file, _buffer.AsSpan(0, _used), _written);
        _written += _used;
        _used = 0;
    }

    /// <summary>The postings of an index, sorted.</summary>
    internal IEnumerable<Posting> Postings(byte index)
    {
        var block = new Posting[PostingBlock.Size];
        foreach ((byte[] key, byte[] value) in Rows(RowKey.Block, index))
        {
            int count = PostingBlock.Decode(value, RowKey.ReadPosting(key), block, out string fault);
            if (count == 0)
                throw new IOException($"A run of index {index} set aside on disk did not read back: {fault}.");
            for (int i = 0; i < count; i++) yield return block[i];
        }
    }

    /// <summary>The plain rows, sorted.</summary>
    internal IEnumerable<BulkRow> PlainRows()
    {
        foreach ((byte[] key, byte[] value) in Rows(RowKey.Plain, 0))
            yield return new BulkRow(
                key[1..], value[8] == 0 ? null : value[9..], BinaryPrimitives.ReadInt64LittleEndian(value), 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private IEnumerable<(byte[] Key, byte[] Value)> Rows(byte kind, byte index)
    {
        if (!_starts.TryGetValue((kind, index), out long at)) yield break;
        byte[] buffer = new byte[BufferLength];
        int have = 0, next = 0;
        while (at < _written)
        {
            if (have - next < HeadLength) (have, next) = (Fill(ref buffer, at, HeadLength), 0);
            int keyLength = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(next));
            int length = HeadLength + keyLength + BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(next + 4));
            if (have - next < length) (have, next) = (Fill(ref buffer, at, length), 0);
            byte[] key = buffer.AsSpan(next + HeadLength, keyLength).ToArray();
            if (key[0] != kind || (kind == RowKey.Block && key[1] != index)) yield break;
            yield return (key, buffer.AsSpan(next + HeadLength + keyLength, length - HeadLength - keyLength).ToArray());
            at += length;
            next += length;
        }
    }

    private int Fill(ref byte[] buffer, long at, int atLeast)
    {
        if (atLeast > buffer.Length) buffer = new byte[atLeast];
        int have = RandomAccess.Read(_file, buffer, at);
        if (have < atLeast) throw new IOException($"A sorted run of {_written} bytes ends before byte {at + atLeast}.");
        return have;
    }
}
