using RocksDbSharp;

namespace Flume.Views.Store;

/// <summary>Moves over a snapshot's rows; an error is thrown, never taken for the end.</summary>
/// <remarks>It holds a place in the store's lease, because RocksDB must not close under an iterator.</remarks>
internal sealed class RowIterator : IDisposable
{
    private readonly Iterator _rows;
    private readonly StoreLease _lease;
    private bool _disposed;

    internal RowIterator(Iterator rows, StoreLease lease, string store)
    {
        _rows = rows;
        _lease = lease;
        Store = store;
        lease.JoinAsHolder();
    }

    /// <summary>The folder of the store, for errors.</summary>
    internal string Store { get; }

    /// <summary>The key of the row it stands on; valid until it moves.</summary>
    internal ReadOnlySpan<byte> Key => _rows.GetKeySpan();

    /// <summary>The value of the row it stands on; valid until it moves.</summary>
    internal ReadOnlySpan<byte> Value => _rows.GetValueSpan();

    /// <summary>To the first row at or behind the key; false when there is none.</summary>
    internal bool Seek(ReadOnlySpan<byte> key) => Stands(_rows.Seek(key));

    /// <summary>To the last row at or before the key; false when there is none.</summary>
    internal bool SeekBack(ReadOnlySpan<byte> key) => Stands(_rows.SeekForPrev(key));

    /// <summary>One row on.</summary>
    internal bool Next() => Stands(_rows.Next());

    /// <summary>One row back.</summary>
    internal bool Previous() => Stands(_rows.Prev());

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _rows.Dispose();
        _lease.Leave();
    }

    private bool Stands(Iterator rows)
    {
        if (rows.Valid()) return true;
        RocksFault.ThrowIfFailed(rows, Store);
        return false;
    }
}
