using Flume.Sql.Rows;

namespace Flume.Sql.Build;

/// <summary>The numbers of ids during a build of a whole file; new ones go into the block being filled.</summary>
internal sealed unsafe class BulkIds : IIdSource, IDisposable
{
    private readonly IdTable _keys = new();
    private readonly IdTable _authors = new();
    private readonly IdTable _blobs = new();
    private ulong[] _stored = new ulong[1024];

    /// <summary>The block that new numbers go into.</summary>
    internal RowBlock? Block { get; set; }

    /// <inheritdoc/>
    public bool TryOwnKey(ReadOnlySpan<byte> utf8, out long id)
    {
        int key = (int)Key(utf8);
        id = key;
        int word = key >> 6;
        if (word >= _stored.Length) Array.Resize(ref _stored, Math.Max(word + 1, _stored.Length * 2));
        ulong bit = 1UL << (key & 63);
        if ((_stored[word] & bit) != 0) return false;
        _stored[word] |= bit;
        return true;
    }

    /// <inheritdoc/>
    public long Key(ReadOnlySpan<byte> utf8) => Intern(_keys, Block!.NewKeys, utf8);

    /// <inheritdoc/>
    public long Author(ReadOnlySpan<byte> utf8) => Intern(_authors, Block!.NewAuthors, utf8);

    /// <inheritdoc/>
    public long Blob(ReadOnlySpan<byte> utf8) => Intern(_blobs, Block!.NewBlobs, utf8);

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _authors.Dispose();
        _blobs.Dispose();
    }

    private static long Intern(IdTable table, RowList<IdRow> added, ReadOnlySpan<byte> utf8)
    {
        int id = table.Intern(utf8, out bool isNew);
        if (isNew) added.Add() = new IdRow { Id = id, Text = table.PointerOf(id), Length = utf8.Length };
        return id;
    }
}
