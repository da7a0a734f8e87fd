using System.Buffers.Binary;

namespace Flume.Log;

/// <summary>The known state of a log's bytes at one moment.</summary>
/// <param name="Synced">The end of the synced bytes.</param>
/// <param name="Written">The end of the written bytes; at least <paramref name="Synced"/>.</param>
/// <param name="WrittenCrc">CRC-32C of the bytes from Synced to Written.</param>
/// <param name="HeadCrc">
/// CRC-32C of the first bytes of the log; <see cref="SyncMark.HeadOf"/> is their number.
/// </param>
internal readonly record struct SyncState(long Synced, long Written, uint WrittenCrc, uint HeadCrc);

/// <summary>The side file <c>log.offset.synced</c>: the synced length of a log. FORMAT.md specifies it.</summary>
/// <remarks>
/// 1. A state is written after the sync that it records. So the device never holds a mark past the synced bytes.
/// 2. The mark itself is synced at opening, at closing, and by <see cref="Sync"/>. After a power loss it may record
///    an earlier sync, but never a later one.
/// 3. Writes alternate between two slots, so a torn write leaves the earlier state.
/// 4. An error of the side file stops saving only, because an older mark remains true.
/// </remarks>
internal sealed class SyncMark : IDisposable
{
    /// <summary>The suffix of the file's name after the log's name.</summary>
    public const string Suffix = ".synced";

    /// <summary>The maximum number of bytes at the start of a log that distinguish it from another log.</summary>
    public const int HeadBytes = 64;

    private const int SlotBytes = 64, SlotDistance = 512;
    private static readonly byte[] Magic = "FLUMESYN"u8.ToArray();

    private readonly LogOptions _options;
    private readonly string _path;
    private ILogFile? _file;
    private long _generation;
    private bool _dirty;

    public SyncMark(string logPath, LogOptions options)
    {
        (_options, _path) = (options, logPath + Suffix);
        Loaded = Load();
    }

    /// <summary>The newest state in the file; null if there is none.</summary>
    public SyncState? Loaded { get; }

    /// <summary>
    /// The number of bytes in HeadCrc. It excludes the last record, so that damage there is still detected.
    /// </summary>
    public static long HeadOf(long synced) => Math.Min(synced / 2, HeadBytes);

    /// <summary>The error that stopped saving; null while saving works.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Writes a state, without a sync.</summary>
    public void Save(SyncState state) => Guard(() =>
    {
        _file ??= Create();
        _generation++;
        _file.Write(Encode(state, _generation), SlotDistance * (_generation % 2));
        _dirty = true;
    });

    /// <summary>Syncs the saved states.</summary>
    public void Sync() => Guard(() =>
    {
        if (!_dirty)
            return;
        _file!.Sync();
        _dirty = false;
    });

    public void Dispose() => _file?.Dispose();

    private ILogFile Create()
    {
        bool isNew = !File.Exists(_path);
        ILogFile created = _options.Disk.Open(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        if (isNew)
            _options.Disk.SyncDirectory(Path.GetDirectoryName(_path)!);
        return created;
    }

    private SyncState? Load()
    {
        try
        {
            if (!File.Exists(_path))
                return null;
            FileAccess access = _options.ReadOnly ? FileAccess.Read : FileAccess.ReadWrite;
            _file = _options.Disk.Open(_path, FileMode.Open, access);
            SyncState? newest = null;
            for (int slot = 0; slot < 2; slot++)
            {
                if (Decode(slot) is not var (number, state) || number <= _generation)
                    continue;
                (_generation, newest) = (number, state);
            }

            return newest;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Fault = cause;
            return null;
        }
    }

    private static byte[] Encode(SyncState state, long number)
    {
        byte[] slot = new byte[SlotBytes];
        Magic.CopyTo(slot, 0);
        BinaryPrimitives.WriteInt64LittleEndian(slot.AsSpan(8), number);
        BinaryPrimitives.WriteInt64LittleEndian(slot.AsSpan(16), state.Synced);
        BinaryPrimitives.WriteInt64LittleEndian(slot.AsSpan(24), state.Written);
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(32), state.WrittenCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(36), state.HeadCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(40), Crc32C.Of(slot.AsSpan(0, 40)));
        return slot;
    }

    private (long Number, SyncState State)? Decode(int index)
    {
        Span<byte> slot = stackalloc byte[SlotBytes];
        if (_file!.ReadFully(slot, SlotDistance * index) < SlotBytes || !slot.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(slot[40..]) != Crc32C.Of(slot[..40]))
            return null;
        var state = new SyncState(
            BinaryPrimitives.ReadInt64LittleEndian(slot[16..]), BinaryPrimitives.ReadInt64LittleEndian(slot[24..]),
            BinaryPrimitives.ReadUInt32LittleEndian(slot[32..]), BinaryPrimitives.ReadUInt32LittleEndian(slot[36..]));
        bool makesSense = state.Synced >= 0 && state.Written >= state.Synced;
        return makesSense ? (BinaryPrimitives.ReadInt64LittleEndian(slot[8..]), state) : null;
    }

    private void Guard(Action save)
    {
        if (_options.ReadOnly || Fault is not null)
            return;
        try
        {
            save();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Fault = cause;
        }
    }
}
