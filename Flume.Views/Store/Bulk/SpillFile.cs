using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Flume.Views.Store.Bulk;

/// <summary>
/// Sorted rows that a sink wrote to disk at the memory limit. The file exists only during its bulk load.
/// </summary>
/// <remarks>
/// First the postings of each index as entries of one <see cref="PostingChunk"/>. The chunk's header stays in memory.
/// Packing would take longer than the write, because the file is read only once. Then the plain rows: key length and
/// value length (32 bits each), key, and value. The value is the record's offset, a byte (0 for a removal), and the
/// row's value.
/// </remarks>
internal sealed unsafe class SpillFile : IDisposable
{
    private const int BufferLength = 64 * 1024;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<byte, (long Start, PostingChunk Run)> _runs = [];
    private byte[] _buffer = new byte[BufferLength];
    private int _used;
    private long _written;
    private long _rowsStart = -1;

    internal SpillFile(string path) => _file = File.OpenHandle(
        path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);

    /// <summary>Adds the sorted postings of an index; at least one.</summary>
    internal void WriteIndex(byte index, PostingSpan sorted)
    {
        PostingChunk run = RunOf(sorted);
        _runs.Add(index, (_written + _used, run));
        for (Posting* at = sorted.First; at < sorted.End; at++)
        {
            if (_used + sizeof(Posting) > _buffer.Length) WriteOut();
            fixed (byte* to = &_buffer[_used]) _used += (int)(PostingChunk.Write(to, *at, run.Columns) - to);
        }
    }

    /// <summary>Adds a plain row. All postings must be added before.</summary>
    internal void Put(in BulkRow row)
    {
        byte[] value = new byte[9 + (row.Value?.Length ?? 0)];
        BinaryPrimitives.WriteInt64LittleEndian(value, row.Offset);
        value[8] = row.Value is null ? (byte)0 : (byte)1;
        row.Value?.CopyTo(value, 9);
        if (_rowsStart < 0) _rowsStart = _written + _used;
        int length = checked(SpillReader.HeadLength + row.Key.Length + value.Length);
        if (_used + length > _buffer.Length) WriteOut();
        if (length > _buffer.Length) _buffer = new byte[length];
        Span<byte> bytes = _buffer.AsSpan(_used, length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, row.Key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], value.Length);
        row.Key.CopyTo(bytes[SpillReader.HeadLength..]);
        value.CopyTo(bytes[(SpillReader.HeadLength + row.Key.Length)..]);
        _used += length;
    }

    /// <summary>Writes the buffered bytes.</summary>
    internal void WriteOut()
    {
        RandomAccess.Write(_file, _buffer.AsSpan(0, _used), _written);
        _written += _used;
        _used = 0;
    }

    /// <summary>The sorted postings of an index; null if the file has none.</summary>
    internal PostingSource? Postings(byte index) =>
        _runs.TryGetValue(index, out var found) ? new PostingSource(_file, found.Start, found.Run) : null;

    /// <summary>The sorted plain rows.</summary>
    internal IEnumerable<BulkRow> PlainRows()
    {
        if (_rowsStart < 0) yield break;
        var rows = new SpillReader(_file, _rowsStart, _written);
        while (rows.MoveNext()) yield return ToPlainRow(rows.Key, rows.Value);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>The chunk header of a run, with the columns that its postings need.</summary>
    private static PostingChunk RunOf(PostingSpan sorted)
    {
        Posting first = *sorted.First;
        var columns = PostingColumns.None;
        for (Posting* at = sorted.First; at < sorted.End && columns != PostingColumns.All; at++)
        {
            if (at->A != first.A) columns |= PostingColumns.A;
            if (at->B != first.B) columns |= PostingColumns.B;
            if (PostingChunk.HighOf(at->Offset) != PostingChunk.HighOf(first.Offset)) columns |= PostingColumns.High;
        }

        return new PostingChunk
        {
            A = first.A, B = first.B, High = PostingChunk.HighOf(first.Offset), Columns = columns, Count = sorted.Count,
        };
    }

    private static BulkRow ToPlainRow(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => new(
        key.ToArray(), value[8] == 0 ? null : value[9..].ToArray(),
        BinaryPrimitives.ReadInt64LittleEndian(value), 0);
}
