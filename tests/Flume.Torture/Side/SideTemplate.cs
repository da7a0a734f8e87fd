using System.Buffers.Binary;

namespace Flume.Torture.Side;

/// <summary>
/// A data directory with two identities of different logs, rows built, a pause and a registered view stored.
/// </summary>
internal sealed class SideTemplate(string folder)
{
    private const int Records = 150;
    private static readonly string[] NotSide = ["log.offset", "secret", "socket", "kind"];

    /// <summary>The files of the directory that are not the truth, below it.</summary>
    public IReadOnlyList<string> SideFiles { get; private set; } = [];

    /// <summary>Builds it.</summary>
    public async Task MakeAsync()
    {
        Vectors.PutIdentity(folder, "me");
        Vectors.PutIdentity(folder, "bob");
        File.Delete(Path.Combine(folder, "identities", "bob", "secret"));
        (SortedDictionary<long, byte[]> records, _) = RawLog.Read(Vectors.Log);
        Write("me", records.Values.Take(Records));
        Write("bob", records.Values.Skip(Records).Take(Records));
        await using (var engine = new SideEngine(folder))
        {
            foreach (string name in (string[])["me", "bob"])
                await engine.LiveAsync(name);
            await engine.PauseAsync("me", "about");
        }

        SideFiles = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !NotSide.Contains(Path.GetFileName(file)) && new FileInfo(file).Length > 0)
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Copies it to a folder.</summary>
    public void CopyTo(string target)
    {
        foreach (string path in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(folder, path)));
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(path) != "socket")
                File.Copy(path, Path.Combine(target, Path.GetRelativePath(folder, path)));
        }
    }

    private void Write(string identity, IEnumerable<byte[]> payloads)
    {
        using FileStream log = File.Create(Path.Combine(folder, "identities", identity, "log.offset"));
        byte[] number = new byte[4];
        foreach (byte[] payload in payloads)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, payload.Length);
            log.Write(number);
            log.Write(payload);
            log.Write(number);
            BinaryPrimitives.WriteInt32BigEndian(number, (int)log.Position + 4);
            log.Write(number);
        }
    }
}
