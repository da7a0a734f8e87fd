using RocksDbSharp;

namespace Flume.Views.Store.Bulk;

/// <summary>A table file on its way into a store; it exists once the first row has come.</summary>
internal sealed class TableFile(string path, StoreResources resources) : IDisposable
{
    private readonly SstFileWriter _writer = new(new EnvOptions(), resources.TableOptions());
    private bool _open;

    /// <summary>Where the file lies, or will.</summary>
    internal string Path => path;

    /// <summary>True when there is a file.</summary>
    internal bool Exists => _open;

    /// <summary>Appends a row; keys ascend.</summary>
    internal unsafe void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        try
        {
            if (!_open) _writer.Open(path);
            _open = true;
            fixed (byte* k = key, v = value)
                Native.Instance.rocksdb_sstfilewriter_put(_writer.Handle, k, (nuint)key.Length, v, (nuint)value.Length);
        }
        catch (RocksDbException error)
        {
            throw RocksFault.Translate(error, path, "writing a table");
        }
    }

    /// <summary>Completes and syncs the file, if there is one.</summary>
    internal void Finish()
    {
        if (!_open) return;
        try
        {
            _writer.Finish();
        }
        catch (RocksDbException error)
        {
            throw RocksFault.Translate(error, path, "completing a table");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
