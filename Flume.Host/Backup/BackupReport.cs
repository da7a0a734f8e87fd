using System.Text.Json;

namespace Flume.Host.Backup;

/// <summary>The result of a backup.</summary>
/// <param name="Folder">The backup's folder.</param>
/// <param name="Manifest">The backup's manifest.</param>
/// <param name="NewBytes">Bytes of log written by this backup; an earlier backup wrote the others.</param>
/// <param name="AnewBecause">The reason why the whole log was copied again, or null.</param>
/// <param name="Left">Views without rows, which the backup lacks.</param>
internal sealed record BackupReport(
    string Folder, BackupManifest Manifest, long NewBytes, string? AnewBecause, IReadOnlyList<string> Left)
{
    /// <summary>Writes the report as one JSON object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("backup", Folder);
        json.WriteString("identity", Manifest.Identity);
        json.WriteString("id", Manifest.Id);
        json.WriteString("time", Manifest.Time);
        json.WriteNumber("head", Manifest.Log.Head.Value);
        json.WriteNumber("bytes", Manifest.Log.Bytes);
        json.WriteNumber("newBytes", NewBytes);
        json.WriteString("anewBecause", AnewBecause);
        json.WriteNumber("newestOwn", Manifest.NewestOwn);
        BackupManifest.WriteViews(json, Manifest.Views);
        json.WriteStartArray("viewsLeftOut");
        foreach (string view in Left) json.WriteStringValue(view);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>Progress of a backup or a restore: the part that is copied, bytes done and total bytes.</summary>
internal readonly record struct BackupProgress(string What, long Done, long Total);
