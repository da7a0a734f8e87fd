using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Flume.Views.Store.Bulk;

/// <summary>Reads the plain rows of a <see cref="SpillFile"/> forward.</summary>
/// <remarks>Key and value are valid until the next read.</remarks>
internal sealed class SpillReader(SafeFileHandle file, long start, long end)
{
    /// <summary>The size of both lengths: key and value, 32 bits each.</summary>
    internal const int HeadLength = 8;

    private const int BufferLength = 64 * 1024;

    private byte[] _buffer = new byte[BufferLength];
    private long _at = start;
    private int _have;
    private int _next;
    private int _keyLength;
    private int _valueLength;

    /// <summary>The key of the row.</summary>
    internal ReadOnlySpan<byte> Key => _buffer.AsSpan(_next - _valueLength - _keyLength, _keyLength);

    /// <summary>The value of the row.</summary>
    internal ReadOnlySpan<byte> Value => _buffer.AsSpan(_next - _valueLength, _valueLength);

    /// <summary>Moves to the next row. False at the end of the run.</summary>
    internal bool MoveNext()
    {
        if (_at >= end) return false;
        Require(HeadLength);
        _keyLength = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_next));
        _valueLength = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_next + 4));
        int length = HeadLength + _keyLength + _valueLength;
        Require(length);
        _next += length;
        _at += length;
        return true;
    }

    private void Require(int bytes)
    {
        if (_have - _next >= bytes) return;
        if (bytes > _buffer.Length) _buffer = new byte[bytes];
        _have = RandomAccess.Read(file, _buffer, _at);
        _next = 0;
        if (_have < bytes) throw new IOException($"A sorted run of {end} bytes ends before byte {_at + bytes}.");
    }
}
