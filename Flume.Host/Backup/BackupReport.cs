using System.Text.Json;

namespace Flume.Host.Backup;

/// <summary>What making a backup did.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Manifest">What it holds.</param>
/// <param name="NewBytes">Bytes of log written now; the others were there from an earlier backup.</param>
/// <param name="AnewBecause">Why the earlier copy of the log was not gone on from, or null.</param>
/// <param name="Left">Views without rows, which are not in it.</param>
internal sealed record BackupReport(
    string Folder, BackupManifest Manifest, long NewBytes, string? AnewBecause, IReadOnlyList<string> Left)
{
    /// <summary>Writes it as one object.</summary>
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

/// <summary>How far a backup or a restore has come: what it copies, bytes done and in all.</summary>
internal readonly record struct BackupProgress(string What, long Done, long Total);
