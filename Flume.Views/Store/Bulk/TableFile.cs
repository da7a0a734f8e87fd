using Flume.Views.Store.Native;

namespace Flume.Views.Store.Bulk;

/// <summary>A table file to be ingested by a store. The first row creates the file.</summary>
internal sealed class TableFile(string path, StoreResources resources) : IDisposable
{
    private readonly RocksTableWriter _writer = resources.NewTableWriter();
    private bool _open;

    /// <summary>The path of the file.</summary>
    internal string Path => path;

    /// <summary>True if the file exists.</summary>
    internal bool Exists => _open;

    /// <summary>Appends a row. Keys must ascend.</summary>
    internal void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!_open) _writer.Open(path);
        _open = true;
        _writer.Put(key, value, path);
    }

    /// <summary>Completes and syncs the file, if it exists.</summary>
    internal void Finish()
    {
        if (_open) _writer.Finish(path);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
