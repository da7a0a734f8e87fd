namespace Flume.Log;

/// <summary>
/// Finds the end of a log whose synced part is known: what lies behind it was never acknowledged as durable.
/// </summary>
/// <remarks>
/// 1. A whole frame behind the mark is kept; the first break there is a torn end, whatever follows it.
/// 2. A frame behind the mark whose payload holds a whole sector of zeros is a hole that a power loss left, unless the
///    bytes are those that were written (their checksum tells) or the whole payload is zeros (a deleted record).
/// 3. Bytes below the mark that do not verify are damage: they are never cut.
/// </remarks>
internal sealed class UnsyncedTail(ILogFile file, TailScanner tail, SyncState state)
{
    private const int SectorBytes = 512;

    /// <summary>
    /// The end of the log; null when the mark is not about this log, which is then judged by its own bytes alone.
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

    // The last record of the synced part does not verify: readers stop before it and appends are refused.
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

    // A lost sector can reach into the length fields beside the payload, whose own bytes may be zeros.
    // The last byte of a frame is no zero, so no lost sector reaches beyond a whole frame.
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
