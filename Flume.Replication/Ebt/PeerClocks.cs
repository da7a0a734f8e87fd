using System.Text.Json;

namespace Flume.Replication.Ebt;

/// <summary>What is remembered of peers between connections: one file a peer, named as ssb-ebt names it.</summary>
/// <remarks>A file that is missing or can't be read counts as empty: that only costs notes.</remarks>
/// <param name="folder">The folder <c>ebt</c> of the identity.</param>
internal sealed class PeerClocks(string folder)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(90);

    /// <summary>The clock of a peer.</summary>
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

    /// <summary>Replaces the clock of a peer; what can't be written is not remembered.</summary>
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
            Console.Error.WriteLine($"flume: the clock of {peer} can't be written to {path}: {error.Message}");
        }
    }

    /// <summary>Deletes clocks of peers that were not seen for long.</summary>
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
