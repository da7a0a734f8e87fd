namespace Flume.Sql.Rows;

/// <summary>Gives each id text its number: the row's id in keys, authors or blobs.</summary>
/// <remarks>Numbers are given in the order of first use, so they depend on the log alone.</remarks>
internal interface IIdSource
{
    /// <summary>
    /// The number of a message's own key; false when a message of that key is stored already, and nothing changes then.
    /// </summary>
    bool TryOwnKey(ReadOnlySpan<byte> utf8, out long id);

    /// <summary>The number of a message id.</summary>
    long Key(ReadOnlySpan<byte> utf8);

    /// <summary>The number of a feed id.</summary>
    long Author(ReadOnlySpan<byte> utf8);

    /// <summary>The number of a blob id.</summary>
    long Blob(ReadOnlySpan<byte> utf8);
}
