namespace Flume.TestKit;

/// <summary>A folder of one test's own that goes away with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("flume-store-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>What a crash leaves: the files as the operating system has them now, under another name.</summary>
    public string CopyAs(string source, string name)
    {
        string target = Directory.CreateDirectory(this[name]).FullName;
        foreach (string file in Directory.GetFiles(this[source]))
            if (Path.GetFileName(file) != "LOCK") File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        return target;
    }
}
