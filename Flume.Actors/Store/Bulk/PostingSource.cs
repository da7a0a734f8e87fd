namespace Flume.Store.Bulk;

/// <summary>Sorted postings of one index on their way into a merge, from memory or from a run on disk.</summary>
internal sealed unsafe class PostingSource
{
    private readonly SpillReader? _run;
    private readonly byte _index;
    private readonly Posting[] _block = [];
    private Posting* _at;
    private Posting* _end;

    /// <summary>Postings in memory.</summary>
    internal PostingSource(PostingSpan sorted)
    {
        _at = sorted.First - 1;
        _end = sorted.End;
    }

    /// <summary>The rows of an index in a run.</summary>
    internal PostingSource(SpillReader run, byte index)
    {
        _run = run;
        _index = index;
        _block = GC.AllocateUninitializedArray<Posting>(PostingBlock.Size, pinned: true);
    }

    /// <summary>The posting that <see cref="MoveNext"/> came to.</summary>
    internal ref readonly Posting Current => ref *_at;

    /// <summary>Goes to the next posting; false at the end.</summary>
    internal bool MoveNext() => ++_at < _end || ReadBlock();

    private bool ReadBlock()
    {
        if (_run is null || !_run.MoveNext() || !RowKey.Is(_run.Key, RowKey.Block, _index)) return false;
        int count = PostingBlock.Decode(_run.Value, RowKey.ReadPosting(_run.Key), _block, out string fault);
        if (count == 0) throw new IOException($"A run of index {_index} set aside on disk did not read back: {fault}.");
        // Pinned for good, so that the address holds.
        fixed (Posting* first = _block) _at = first;
        _end = _at + count;
        return true;
    }
}
