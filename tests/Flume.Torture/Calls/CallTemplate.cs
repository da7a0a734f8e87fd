namespace Flume.Torture.Calls;

/// <summary>
/// The data directory that each trial begins with: two identities with a part of the small log, rows built.
/// </summary>
internal sealed class CallTemplate(string folder)
{
    private const int Records = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private string Data => Path.Combine(folder, "d");

    /// <summary>Where the log of an identity ends at the start of a trial.</summary>
    public long End { get; private set; }

    /// <summary>Builds it with one start of the server.</summary>
    public async Task MakeAsync(TortureOptions options)
    {
        (SortedDictionary<long, byte[]> records, _) = RawLog.Read(Vectors.Log);
        End = records.Keys.ElementAt(Records);
        foreach (string name in (string[])["me", "bob"])
        {
            string identity = Path.Combine(Data, "identities", name);
            Directory.CreateDirectory(identity);
            File.WriteAllBytes(Path.Combine(identity, "log.offset"), File.ReadAllBytes(Vectors.Log)[..(int)End]);
            if (name == "me") File.Copy(Vectors.Secret, Path.Combine(identity, "secret"));
        }

        using FlumeServer server = FlumeServer.Start(options, Data);
        if (!await server.AnnouncedAsync(Patience))
            throw new InvalidOperationException($"The server does not start: {server.Output}");
        await server.LiveAsync("me", Patience);
        await server.LiveAsync("bob", Patience);
        await server.StopAsync(Patience);
    }

    /// <summary>Copies it.</summary>
    public void CopyTo(string target)
    {
        foreach (string path in Directory.EnumerateDirectories(Data, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(Data, path)));
        foreach (string path in Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories))
        {
            if (!path.EndsWith("/socket", StringComparison.Ordinal))
                File.Copy(path, Path.Combine(target, Path.GetRelativePath(Data, path)));
        }
    }
}
