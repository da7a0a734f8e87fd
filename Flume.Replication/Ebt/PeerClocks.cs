using System.Text.Json;

namespace Flume.Replication.Ebt;

/// <summary>Stores the clocks of peers between connections. Each peer has one file, named as in ssb-ebt.</summary>
/// <remarks>A missing or unreadable file counts as empty. That only costs additional notes.</remarks>
/// <param name="folder">The folder <c>ebt</c> of the identity.</param>
internal sealed class PeerClocks(string folder)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(90);

    /// <summary>Reads the clock of a peer.</summary>
    public IReadOnlyDictionary<string, long> Read(string peer)
    {
        try
        {
            using FileStream file = File.OpenRead(PathOf(peer));
            return JsonSerializer.Deserialize<Dictionary<string, long>>(file) ?? [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return new Dictionary<string, long>();
        }
    }

    /// <summary>Replaces the clock of a peer. A failed write is reported and ignored.</summary>
    public void Write(string peer, IReadOnlyDictionary<string, long> clock)
    {
        string path = PathOf(peer), draft = $"{path}.{Guid.NewGuid():n}";
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(clock));
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"flume: cannot write the clock of {peer} to {path}: {error.Message}");
        }
    }

    /// <summary>Deletes the clocks of peers that did not connect for a long time.</summary>
    public void DeleteOld(DateTimeOffset now)
    {
        if (!Directory.Exists(folder)) return;
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (now - file.LastWriteTimeUtc > KeepFor) file.Delete();
        }
    }

    private string PathOf(string peer) =>
        Path.Combine(folder, peer.Replace("=", "", StringComparison.Ordinal).Replace('+', '-').Replace('/', '_'));
}
