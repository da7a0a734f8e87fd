using Flume.Sql.Native;

namespace Flume.Sql.Rows;

/// <summary>Where a text lies in the memory of its block; a negative length is NULL.</summary>
internal readonly record struct BlockText(int Start, int Length)
{
    /// <summary>NULL.</summary>
    internal static readonly BlockText None = new(0, -1);
}

/// <summary>A row that binds itself to consecutive parameters.</summary>
internal interface IBoundRow
{
    /// <summary>Binds <paramref name="columns"/> values from parameter <paramref name="at"/> on.</summary>
    void BindTo(SqlStatement statement, int at, RowBlock block, int columns);
}

/// <summary>A row of messages_raw.</summary>
internal struct MessageRow : IBoundRow
{
    internal const int Columns = 11;
    internal const int TextColumns = 13;

    internal long FlumeSeq, KeyId, RootId, ForkId, AuthorId;
    internal long? Sequence;
    internal double Received, Asserted;
    internal BlockText Type, Content, AuthorKey, KeyText;
    internal bool IsDecrypted;

    /// <inheritdoc/>
    public readonly void BindTo(SqlStatement statement, int at, RowBlock block, int columns)
    {
        statement.Bind(at, FlumeSeq);
        statement.BindId(at + 1, KeyId);
        if (Sequence is { } sequence) statement.Bind(at + 2, sequence);
        else statement.BindNull(at + 2);
        statement.Bind(at + 3, Received);
        statement.Bind(at + 4, Asserted);
        statement.BindId(at + 5, RootId);
        statement.BindId(at + 6, ForkId);
        statement.BindId(at + 7, AuthorId);
        block.Bind(statement, at + 8, Type);
        block.Bind(statement, at + 9, Content);
        statement.Bind(at + 10, IsDecrypted ? 1 : 0);
        if (columns == Columns) return;
        block.Bind(statement, at + 11, AuthorKey);
        block.Bind(statement, at + 12, KeyText);
    }
}

/// <summary>A row of a table with an id and two ids beside it.</summary>
internal struct LinkRow : IBoundRow
{
    internal const int Columns = 3;

    internal long Id, From, To;

    /// <inheritdoc/>
    public readonly void BindTo(SqlStatement statement, int at, RowBlock block, int columns)
    {
        statement.Bind(at, Id);
        statement.BindId(at + 1, From);
        statement.BindId(at + 2, To);
    }
}

/// <summary>A row of abouts_raw.</summary>
internal struct AboutRow : IBoundRow
{
    internal const int Columns = 4;

    internal long Id, From, Author, Key;

    /// <inheritdoc/>
    public readonly void BindTo(SqlStatement statement, int at, RowBlock block, int columns)
    {
        statement.Bind(at, Id);
        statement.BindId(at + 1, From);
        statement.BindId(at + 2, Author);
        statement.BindId(at + 3, Key);
    }
}

/// <summary>A text with the number it is stored under: a record, or a text of the full-text table.</summary>
internal struct TextRow : IBoundRow
{
    internal const int Columns = 2;

    internal long Id;
    internal BlockText Text;

    /// <inheritdoc/>
    public readonly void BindTo(SqlStatement statement, int at, RowBlock block, int columns)
    {
        statement.Bind(at, Id);
        block.Bind(statement, at + 1, Text);
    }
}

/// <summary>A new id of keys, authors or blobs; its text lies in the memory of whoever gave the id.</summary>
internal unsafe struct IdRow : IBoundRow
{
    internal long Id;
    internal byte* Text;
    internal int Length;

    /// <inheritdoc/>
    public readonly void BindTo(SqlStatement statement, int at, RowBlock block, int columns)
    {
        statement.Bind(at, Id);
        statement.BindStatic(at + 1, Text, Length);
    }
}

/// <summary>A vote message: sets or removes the one row of its pair.</summary>
/// <param name="Id">The row's id, when it is set.</param>
/// <param name="Author">Who votes.</param>
/// <param name="Key">The message voted on.</param>
/// <param name="IsLike">True for a value of 1; any other value removes the row.</param>
internal readonly record struct VoteEvent(long Id, long Author, long Key, bool IsLike);

/// <summary>A contact message: makes or changes the one row of its triple.</summary>
/// <param name="Id">The row's id, when it is made.</param>
/// <param name="Author">Who says so.</param>
/// <param name="Contact">About whom.</param>
/// <param name="IsDecrypted">Whether it was said in private.</param>
/// <param name="State">1 follows, -1 blocks, 0 neither.</param>
internal readonly record struct ContactEvent(long Id, long Author, long Contact, bool IsDecrypted, int State);
