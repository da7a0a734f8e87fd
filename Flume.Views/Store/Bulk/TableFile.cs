using Flume.Views.Store.Native;

namespace Flume.Views.Store.Bulk;

/// <summary>A table file on its way into a store; it exists once the first row has come.</summary>
internal sealed class TableFile(string path, StoreResources resources) : IDisposable
{
    private readonly RocksTableWriter _writer = resources.NewTableWriter();
    private bool _open;

    /// <summary>Where the file lies, or will.</summary>
    internal string Path => path;

    /// <summary>True when there is a file.</summary>
    internal bool Exists => _open;

    /// <summary>Appends a row; keys ascend.</summary>
    internal void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!_open) _writer.Open(path);
        _open = true;
        _writer.Put(key, value, path);
    }

    /// <summary>Completes and syncs the file, if there is one.</summary>
    internal void Finish()
    {
        if (_open) _writer.Finish(path);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
