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
    private const int BufferLength = 64 * 1024;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<(byte Kind, byte Index), long> _starts = [];
    private byte[] _buffer = new byte[BufferLength];
    private int _used;
    private long _written;

    internal SpillFile(string path) => _file = File.OpenHandle(
        path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);

    /// <inheritdoc/>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _starts.TryAdd((key[0], key[0] == RowKey.Block ? key[1] : (byte)0), _written + _used);
        int length = checked(SpillReader.HeadLength + key.Length + value.Length);
        if (_used + length > _buffer.Length) WriteOut();
        if (length > _buffer.Length) _buffer = new byte[length];
        Span<byte> row = _buffer.AsSpan(_used, length);
        BinaryPrimitives.WriteInt32LittleEndian(row, key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(row[4..], value.Length);
        key.CopyTo(row[SpillReader.HeadLength..]);
        value.CopyTo(row[(SpillReader.HeadLength + key.Length)..]);
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

    /// <summary>The postings of an index, sorted; null when it has none here.</summary>
    internal PostingSource? Postings(byte index) =>
        _starts.TryGetValue((RowKey.Block, index), out long start)
            ? new PostingSource(new SpillReader(_file, start, _written), index)
            : null;

    /// <summary>The plain rows, sorted.</summary>
    internal IEnumerable<BulkRow> PlainRows()
    {
        if (!_starts.TryGetValue((RowKey.Plain, 0), out long start)) yield break;
        var rows = new SpillReader(_file, start, _written);
        while (rows.MoveNext()) yield return ToPlainRow(rows.Key, rows.Value);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static BulkRow ToPlainRow(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => new(
        key[1..].ToArray(), value[8] == 0 ? null : value[9..].ToArray(),
        BinaryPrimitives.ReadInt64LittleEndian(value), 0);
}
