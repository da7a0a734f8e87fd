using Microsoft.Win32.SafeHandles;

namespace Flume.Views.Store.Bulk;

/// <summary>Sorted postings of one index as input of a merge, from memory or from a run on disk.</summary>
internal sealed unsafe class PostingSource
{
    private const int ReadMax = 2048;

    private readonly SafeFileHandle? _file;
    private readonly PostingChunk _run;
    private readonly Posting[] _postings = [];
    private readonly byte[] _entries = [];
    private long _position;
    private int _left;

    /// <summary>Creates a source of postings in memory.</summary>
    internal PostingSource(PostingSpan sorted)
    {
        At = sorted.First;
        End = sorted.End;
    }

    /// <summary>Creates a source of a run on disk.</summary>
    internal PostingSource(SafeFileHandle file, long position, PostingChunk run)
    {
        (_file, _position, _run, _left) = (file, position, run, run.Count);
        _postings = GC.AllocateUninitializedArray<Posting>(ReadMax, pinned: true);
        _entries = new byte[ReadMax * PostingChunk.Stride(run.Columns)];
    }

    /// <summary>The next posting. Valid after <see cref="Fill"/> returned true.</summary>
    internal Posting* At { get; set; }

    /// <summary>The address after the last loaded posting.</summary>
    internal Posting* End { get; private set; }

    /// <summary>Loads postings if none is loaded. False at the end.</summary>
    /// <exception cref="IOException">The run is shorter than at the time of its write.</exception>
    internal bool Fill()
    {
        if (At < End) return true;
        if (_left == 0) return false;
        int count = Math.Min(ReadMax, _left);
        Span<byte> bytes = _entries.AsSpan(0, count * PostingChunk.Stride(_run.Columns));
        int read = RandomAccess.Read(_file!, bytes, _position);
        if (read < bytes.Length)
            throw new IOException(
                $"A spilled run ends at byte {_position + read}, before its last {_left} postings.");
        PostingChunk run = _run;
        // The array is pinned permanently, so the address stays valid.
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
