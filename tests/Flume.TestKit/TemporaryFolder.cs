namespace Flume.TestKit;

/// <summary>A temporary folder, deleted at the end of the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("flume-store-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>Copies the current files under another name, as a crash would leave them.</summary>
    public string CopyAs(string source, string name)
    {
        string target = Directory.CreateDirectory(this[name]).FullName;
        foreach (string file in Directory.GetFiles(this[source]))
            if (Path.GetFileName(file) != "LOCK") File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        return target;
    }
}
