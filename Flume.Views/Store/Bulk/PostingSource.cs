using Microsoft.Win32.SafeHandles;

namespace Flume.Views.Store.Bulk;

/// <summary>Sorted postings of one index on their way into a merge, from memory or from a run on disk.</summary>
internal sealed unsafe class PostingSource
{
    private const int ReadMax = 2048;

    private readonly SafeFileHandle? _file;
    private readonly PostingChunk _run;
    private readonly Posting[] _postings = [];
    private readonly byte[] _entries = [];
    private long _position;
    private int _left;

    /// <summary>Postings in memory.</summary>
    internal PostingSource(PostingSpan sorted)
    {
        At = sorted.First;
        End = sorted.End;
    }

    /// <summary>A run on disk.</summary>
    internal PostingSource(SafeFileHandle file, long position, PostingChunk run)
    {
        (_file, _position, _run, _left) = (file, position, run, run.Count);
        _postings = GC.AllocateUninitializedArray<Posting>(ReadMax, pinned: true);
        _entries = new byte[ReadMax * PostingChunk.Stride(run.Columns)];
    }

    /// <summary>The next posting, once <see cref="Fill"/> said that there is one.</summary>
    internal Posting* At { get; set; }

    /// <summary>The place behind the last posting at hand.</summary>
    internal Posting* End { get; private set; }

    /// <summary>Sees to it that postings are at hand; false when there are no more.</summary>
    /// <exception cref="IOException">The run is shorter than it was when it was set aside.</exception>
    internal bool Fill()
    {
        if (At < End) return true;
        if (_left == 0) return false;
        int count = Math.Min(ReadMax, _left);
        Span<byte> bytes = _entries.AsSpan(0, count * PostingChunk.Stride(_run.Columns));
        int read = RandomAccess.Read(_file!, bytes, _position);
        if (read < bytes.Length)
            throw new IOException($"A run set aside on disk ends at byte {_position + read}, before its last {_left} postings.");
        PostingChunk run = _run;
        // Pinned for good, so that the address holds.
        fixed (Posting* into = _postings)
        fixed (byte* entries = bytes)
        {
            End = new PackedPostings(&run, entries, count).CopyTo(into);
            At = into;
        }

        _position += read;
        _left -= count;
        return true;
    }
}
