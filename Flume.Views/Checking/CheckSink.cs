using System.Runtime.InteropServices;
using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>Collects what one <c>Apply</c> writes: the rows of one record, each once.</summary>
internal sealed class CheckSink : RowSink
{
    private readonly List<IndexedPosting> _postings = [];
    private readonly List<PlainWrite> _plain = [];

    /// <summary>Plain rows that were set or removed, in call order.</summary>
    public IReadOnlyList<PlainWrite> Plain => _plain;

    /// <inheritdoc/>
    public override void Post(byte index, ulong a, ulong b) => _postings.Add(new(index, new Posting(a, b, Offset)));

    /// <inheritdoc/>
    public override void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        _plain.Add(new(key.ToArray(), value.ToArray()));

    /// <inheritdoc/>
    public override void Remove(ReadOnlySpan<byte> key) => _plain.Add(new(key.ToArray(), null));

    /// <summary>Clears the rows of the previous record and starts the record at <paramref name="offset"/>.</summary>
    public void Begin(long offset)
    {
        _postings.Clear();
        _plain.Clear();
        Offset = offset;
    }

    /// <summary>The record's postings, sorted, without duplicates.</summary>
    public ReadOnlySpan<IndexedPosting> TakePostings()
    {
        Span<IndexedPosting> all = CollectionsMarshal.AsSpan(_postings);
        all.Sort();
        int kept = 0;
        for (int i = 0; i < all.Length; i++)
            if (i == 0 || all[i] != all[i - 1]) all[kept++] = all[i];
        return all[..kept];
    }
}

/// <summary>A plain row that is set; a null value removes it.</summary>
internal readonly record struct PlainWrite(byte[] Key, byte[]? Value);
