using System.Runtime.InteropServices;
using Flume.Sql.Native;

namespace Flume.Sql.Rows;

/// <summary>The rows of some consecutive records on their way into the file, with the texts they need.</summary>
/// <remarks>
/// Texts are copied into memory outside the heap, so that SQLite reads them in place. A block may be cleared once every
/// statement that was bound to it was stepped. For one thread at a time.
/// </remarks>
internal sealed unsafe class RowBlock : IDisposable
{
    private byte* _text = (byte*)NativeMemory.Alloc(1 << 16);
    private int _capacity = 1 << 16;
    private int _used;

    internal RowList<MessageRow> Messages { get; } = new();

    internal RowList<LinkRow> Links { get; } = new();

    internal RowList<LinkRow> Mentions { get; } = new();

    internal RowList<LinkRow> BlobLinks { get; } = new();

    internal RowList<LinkRow> Branches { get; } = new();

    internal RowList<AboutRow> Abouts { get; } = new();

    internal RowList<VoteEvent> Votes { get; } = new();

    internal RowList<ContactEvent> Contacts { get; } = new();

    internal RowList<TextRow> Records { get; } = new();

    internal RowList<TextRow> Texts { get; } = new();

    internal RowList<IdRow> NewKeys { get; } = new();

    internal RowList<IdRow> NewAuthors { get; } = new();

    internal RowList<IdRow> NewBlobs { get; } = new();

    /// <summary>Copies a text into the block.</summary>
    internal BlockText Add(ReadOnlySpan<byte> utf8)
    {
        var text = new BlockText(_used, utf8.Length);
        utf8.CopyTo(Room(utf8.Length));
        return text;
    }

    /// <summary>Copies a text into the block, between double quotes.</summary>
    internal BlockText AddQuoted(ReadOnlySpan<byte> utf8)
    {
        var text = new BlockText(_used, utf8.Length + 2);
        Span<byte> room = Room(utf8.Length + 2);
        room[0] = room[^1] = (byte)'"';
        utf8.CopyTo(room[1..]);
        return text;
    }

    /// <summary>Binds a text of this block.</summary>
    internal void Bind(SqlStatement statement, int index, BlockText text) =>
        statement.BindStatic(index, _text + text.Start, text.Length);

    /// <summary>Empties the block and keeps its memory.</summary>
    internal void Clear()
    {
        _used = 0;
        Messages.Clear();
        Links.Clear();
        Mentions.Clear();
        BlobLinks.Clear();
        Branches.Clear();
        Abouts.Clear();
        Votes.Clear();
        Contacts.Clear();
        Records.Clear();
        Texts.Clear();
        NewKeys.Clear();
        NewAuthors.Clear();
        NewBlobs.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_text);
        _text = null;
        _capacity = 0;
    }

    private Span<byte> Room(int bytes)
    {
        int end = checked(_used + bytes);
        if (end > _capacity)
        {
            _capacity = (int)Math.Min(Array.MaxLength, Math.Max(end, _capacity * 2L));
            _text = (byte*)NativeMemory.Realloc(_text, (nuint)_capacity);
        }

        var room = new Span<byte>(_text + _used, bytes);
        _used = end;
        return room;
    }
}
