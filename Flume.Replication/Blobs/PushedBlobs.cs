using System.Text.Json;
using Flume.Log.Primitives;
using Flume.Ssb.Messages;

namespace Flume.Replication.Blobs;

/// <summary>Stores the ids of the pushed blobs that too few peers have, so that a restart goes on with them.</summary>
/// <remarks>A missing or unreadable file counts as empty.</remarks>
/// <param name="path">The file <c>pushed.json</c> in the folder of the identity's blobs.</param>
internal sealed class PushedBlobs(string path)
{
    private string[] _stored = [];

    /// <summary>Reads the ids.</summary>
    public IReadOnlyList<string> Read()
    {
        try
        {
            string[] read = JsonSerializer.Deserialize<string[]>(File.ReadAllBytes(path)) ?? [];
            return _stored = [.. read.Where(Ref.IsBlob)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Replaces the ids, if they changed.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(IReadOnlyCollection<string> ids)
    {
        string[] sorted = [.. ids.Order(StringComparer.Ordinal)];
        if (sorted.AsSpan().SequenceEqual(_stored)) return;
        OwnerFile.CreateFolder(Path.GetDirectoryName(path)!);
        OwnerFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(sorted));
        _stored = sorted;
    }
}
