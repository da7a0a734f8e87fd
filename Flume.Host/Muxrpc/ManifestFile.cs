using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc;

/// <summary>
/// The file <c>manifest.json</c> beside an identity's secret, from which command-line tools learn what can be called.
/// </summary>
internal static class ManifestFile
{
    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string directory, ApiTable table)
    {
        string path = Path.Combine(directory, "manifest.json");
        string draft = $"{path}.{Guid.NewGuid():n}";
        File.WriteAllText(draft, JsWriter.ToJson(table.Manifest(), 2));
        File.Move(draft, path, overwrite: true);
    }
}
