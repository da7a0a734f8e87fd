using Flume.Log.Primitives;

namespace Flume.Log;

/// <summary>Writes a new log from payloads that come from elsewhere.</summary>
/// <remarks>
/// The file gets its name when it is complete and synced. Until then its name ends in <c>.importing</c>, and a failure
/// deletes it.
/// </remarks>
internal sealed class NewLog : IDisposable
{
    private const int FlushBytes = 1 << 20;

    private readonly string _path;
    private readonly OffsetWidth _width;
    private readonly LogLock _lock;
    private readonly ILogFile _file;
    private byte[] _buffer = new byte[2 * FlushBytes];
    private int _used;
    private long _flushed;
    private bool _isComplete;

    private NewLog(string path, OffsetWidth width, LogLock held)
    {
        (_path, _width, _lock) = (path, width, held);
        _file = LogDisk.Instance.Open(Importing, FileMode.Create, FileAccess.Write);
    }

    /// <summary>The number of records so far.</summary>
    public long Records { get; private set; }

    /// <summary>The bytes of the log so far.</summary>
    public long Bytes => _flushed + _used;

    /// <summary>The offset of the last record.</summary>
    public Offset Head { get; private set; } = Offset.None;

    private string Importing => _path + ".importing";

    /// <summary>Starts a log at a path where none is.</summary>
    /// <exception cref="LogRejectedException">The file exists.</exception>
    public static NewLog Create(string path, OffsetWidth width)
    {
        path = Path.GetFullPath(path);
        OwnerFile.CreateFolder(Path.GetDirectoryName(path)!);
        LogLock held = LogLock.Take(path);
        try
        {
            if (File.Exists(path))
                throw new LogRejectedException(
                    $"Cannot import to {path}: that file exists. Choose another name or move it away.");
            return new NewLog(path, width, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Adds a record.</summary>
    /// <exception cref="LogRejectedException">The log would exceed what its offsets express.</exception>
    public void Add(ReadOnlySpan<byte> payload)
    {
        int bytes = payload.Length + Frame.Overhead(_width.Bytes());
        if (Bytes + bytes > _width.FileBytesMax())
        {
            throw new LogRejectedException(
                $"Cannot import with {_width.Bits()}-bit offsets: such a log has at most {_width.FileBytesMax()} bytes. " +
                "Choose a larger width.");
        }

        if (_used + bytes > _buffer.Length) Flush();
        if (bytes > _buffer.Length) _buffer = new byte[bytes];
        Head = new Offset(Bytes);
        _used += Frame.Write(_buffer.AsSpan(_used), payload, Bytes, _width.Bytes());
        Records++;
        if (_used >= FlushBytes) Flush();
    }

    /// <summary>Syncs the log and gives it its name.</summary>
    public void Complete()
    {
        Flush();
        _file.Sync();
        LogDisk.Instance.Rename(Importing, _path);
        LogDisk.Instance.SyncDirectory(Path.GetDirectoryName(_path)!);
        _isComplete = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        if (!_isComplete) File.Delete(Importing);
        _lock.Dispose();
    }

    private void Flush()
    {
        _file.Write(_buffer.AsSpan(0, _used), _flushed);
        _flushed += _used;
        _used = 0;
    }
}
