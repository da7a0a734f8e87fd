namespace Embedded.Tests.RocksDbSharp;

/// <summary>A folder of one test's own that goes away with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("rocksdb-").FullName;

    public string this[string name] => System.IO.Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
