namespace Flume.Log;

/// <summary>
/// Finds the end of a log with a known synced length. Bytes after that length were never acknowledged as durable.
/// </summary>
/// <remarks>
/// 1. A complete frame after the mark is kept. The first invalid frame there is a torn end, whatever follows it.
/// 2. A sector of zeros in the payload of a frame after the mark is a hole of a power loss. Two cases are
///    kept: bytes that match the written checksum, and a payload of zeros only (a deleted record).
/// 3. Bytes below the mark that do not verify are damage and are never cut.
/// </remarks>
internal sealed class UnsyncedTail(ILogFile file, TailScanner tail, SyncState state)
{
    private const int SectorBytes = 512;

    /// <summary>
    /// The end of the log; null if the mark belongs to another log. The log's own bytes then determine the end.
    /// </summary>
    public TailEnd? Find(long length, long known)
    {
        if (state.Synced > length)
            return null;
        bool isBoundary = state.Synced == 0 || tail.StartOfFrameEndingAt(state.Synced) >= 0;
        if (!isBoundary)
            return IsSameLog() ? DamagedBelow(tail.Find(length, known)) : null;
        long end = Walk(length);
        TailEnd below = tail.Find(end, known);
        long last = end == 0 ? -1 : tail.StartOfFrameEndingAt(end);
        return new TailEnd(end, last, below.Damage < state.Synced ? below.Damage : -1);
    }

    // The last record of the synced part does not verify. Readers stop before it, and appends are refused.
    private TailEnd? DamagedBelow(TailEnd found)
    {
        if (found.End >= state.Synced)
            return found;
        return tail.NamesEnd(found.End, state.Synced) ? found with { Damage = found.End } : null;
    }

    private long Walk(long length)
    {
        long end = state.Synced;
        if (state.Written > end && state.Written <= length && Crc(end, state.Written) == state.WrittenCrc)
            end = state.Written;
        for (long next; (next = tail.EndOfFrameAt(end)) > 0 && !HasHole(end, next);)
            end = next;
        return end;
    }

    private bool IsSameLog() => Crc(0, SyncMark.HeadOf(state.Synced)) == state.HeadCrc;

    private uint Crc(long from, long to)
    {
        uint crc = Crc32C.Start;
        Read(from, to, bytes => crc = Crc32C.Append(crc, bytes));
        return crc;
    }

    // A lost sector can include the length fields next to the payload, whose own bytes may be zeros. The last byte of
    // a frame is not zero, so a lost sector never extends past a complete frame.
    private bool HasHole(long frame, long frameEnd)
    {
        long payload = frame + Frame.LengthBytes, payloadEnd = tail.PayloadEnd(frameEnd);
        bool hasOther = false;
        Read(payload, payloadEnd, bytes => hasOther |= bytes.ContainsAnyExcept((byte)0));
        if (!hasOther) return false;
        bool hasZeroSector = false;
        long at = (frame + SectorBytes - 1) / SectorBytes * SectorBytes;
        Read(at, frameEnd, bytes =>
        {
            for (; bytes.Length >= SectorBytes; bytes = bytes[SectorBytes..], at += SectorBytes)
            {
                bool isInPayload = at < payloadEnd && at + SectorBytes > payload;
                hasZeroSector |= isInPayload && !bytes[..SectorBytes].ContainsAnyExcept((byte)0);
            }
        });
        return hasZeroSector;
    }

    private delegate void Take(ReadOnlySpan<byte> bytes);

    private void Read(long from, long to, Take take)
    {
        byte[] buffer = new byte[(int)Math.Clamp(to - from, 0, 1 << 20)];
        for (long at = from; at < to;)
        {
            int read = file.ReadFully(buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - at)), at);
            if (read == 0)
                return;
            take(buffer.AsSpan(0, read));
            at += read;
        }
    }
}
