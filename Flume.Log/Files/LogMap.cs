using System.Buffers;
using Flume.Log.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Flume.Log;

/// <summary>A read-only memory map of the log's file. Windows are mapped at first use and never move.</summary>
/// <remarks>
/// 1. Window n covers <c>[n * chunk, (n + 1) * chunk + overlap)</c>. A record that starts in a window and is no
///    longer than the overlap is completely in that window. So no record is assembled from two windows.
/// 2. A window may extend past the end of the file. Callers access only bytes below a published end position. An
///    access past the end of the file would end the process (SIGBUS).
/// 3. A window is unmapped when its last reference is released, not when the log is disposed.
/// 4. Bytes that cannot be mapped are read into an array: no mmap, no address space, or a record larger than the
///    overlap. When the map is off, all bytes are read that way.
/// </remarks>
internal sealed class LogMap
{
    [ThreadStatic]
    private static byte[]? _scratch;

    private readonly ILogFile _file;
    private readonly bool _isOn;
    private readonly long _chunkBytes;
    private readonly int _overlapBytes;
    private readonly Lock _growing = new();
    private volatile MapWindow?[] _windows = new MapWindow?[4];

    public LogMap(ILogFile file, LogOptions options)
    {
        (_file, _isOn) = (file, options.UsesMap);
        _chunkBytes = options.MapChunkBytes / Environment.SystemPageSize * Environment.SystemPageSize;
        _overlapBytes = options.RecordBytesMax + 64;
    }

    /// <summary>The bytes at <paramref name="position"/>. All of them must be below the published end.</summary>
    public ReadOnlyMemory<byte> Memory(long position, int bytes)
    {
        MapWindow? window = Window(position, bytes, out int at);
        return window is null ? Copy(position, bytes) : window.Memory.Slice(at, bytes);
    }

    /// <summary>Like <see cref="Memory"/>. The span is valid while this map is referenced.</summary>
    public ReadOnlySpan<byte> Span(long position, int bytes)
    {
        MapWindow? window = Window(position, bytes, out int at);
        return window is null ? Copy(position, bytes).Span : window.GetSpan().Slice(at, bytes);
    }

    /// <summary>
    /// Access to the bytes around the frame at <paramref name="position"/>. Without a map, one read of the file fetches
    /// them, in place of one for each field. It ends with the next call on the same thread.
    /// </summary>
    public LogPiece Around(long position, long end)
    {
        if (_isOn) return new LogPiece(this, 0, []);
        byte[] scratch = _scratch ??= new byte[LogPiece.BytesMax];
        long start = Math.Max(0, position - LogPiece.BytesBefore);
        int bytes = (int)Math.Min(scratch.Length, end - start);
        return new LogPiece(this, start, scratch.AsSpan(0, _file.ReadFully(scratch.AsSpan(0, bytes), start)));
    }

    /// <summary>Releases resident pages. A later read of a payload loads them again.</summary>
    public void Release()
    {
        foreach (MapWindow? window in _windows)
            window?.Release();
    }

    private MapWindow? Window(long position, int bytes, out int at)
    {
        long index = Math.DivRem(position, _chunkBytes, out long rest);
        at = (int)rest;
        if (!_isOn || bytes > _chunkBytes + _overlapBytes - at)
            return null;
        MapWindow?[] known = _windows;
        return index < known.Length && known[index] is { } window ? window : Grow(checked((int)index));
    }

    private MapWindow? Grow(int index)
    {
        lock (_growing)
        {
            MapWindow?[] known = _windows;
            if (index < known.Length && known[index] is { } present)
                return present;
            MapWindow? window = MapWindow.TryCreate(_file, index * _chunkBytes, (int)(_chunkBytes + _overlapBytes));
            if (window is null)
                return null;
            MapWindow?[] grown = new MapWindow?[Math.Max(known.Length, 2 * index)];
            known.CopyTo(grown, 0);
            grown[index] = window;
            _windows = grown;
            return window;
        }
    }

    private ReadOnlyMemory<byte> Copy(long position, int bytes)
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(bytes);
        int read = _file.ReadFully(copy, position);
        if (read < bytes)
            throw new IOException($"Read only {read} of {bytes} bytes at position {position}: the file has shrunk.");
        return copy;
    }

    /// <summary>One mapped range of the file.</summary>
    private sealed unsafe class MapWindow(MapHandle map, int bytes) : MemoryManager<byte>
    {
        public static MapWindow? TryCreate(ILogFile file, long position, int bytes)
        {
            nint address = Posix.MapRead(file.Handle, position, bytes);
            return address == 0 ? null : new MapWindow(new MapHandle(address, bytes), bytes);
        }

        public void Release() => Posix.DropResident(map.DangerousGetHandle(), bytes);

        public override Span<byte> GetSpan() => new((byte*)map.DangerousGetHandle(), bytes);

        public override MemoryHandle Pin(int elementIndex = 0) =>
            new((byte*)map.DangerousGetHandle() + elementIndex, default, this);

        public override void Unpin()
        {
        }

        // Other readers may still use the window. Its handle unmaps it after the last reference is released.
        protected override void Dispose(bool disposing)
        {
        }
    }

    /// <summary>The address of a mapping. The finalizer unmaps it after the last reference is released.</summary>
    private sealed class MapHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private readonly int _bytes;

        public MapHandle(nint address, int bytes)
            : base(ownsHandle: true)
        {
            _bytes = bytes;
            SetHandle(address);
        }

        protected override bool ReleaseHandle() => Posix.Unmap(handle, _bytes);
    }
}
