using System.Text.Json;
using Flume.Host.Http;
using Flume.Log;
using Flume.Log.Primitives;

namespace Flume.Host.Backup;

/// <summary>
/// The manifest of a backup, <c>backup.json</c>. It is written last, so everything that it lists exists.
/// </summary>
/// <param name="Identity">The identity's name at the time of the backup.</param>
/// <param name="Id">Its feed id; null when it has no keys.</param>
/// <param name="Time">When the backup was made.</param>
/// <param name="Log">The content of the log's copy.</param>
/// <param name="NewestOwn">The newest own sequence in the copy; 0 for none.</param>
internal sealed record BackupManifest(
    string Identity, string? Id, DateTimeOffset Time, LogCopyState Log, long NewestOwn)
{
    /// <summary>The name of a whole new copy of the log while an earlier manifest names the old copy.</summary>
    public const string FreshLog = "log.offset.new";

    /// <summary>The name of the log in a finished backup.</summary>
    public const string FinalLog = "log.offset";

    internal const string FileName = "backup.json";
    private const int Format = 1;

    /// <summary>The copied views, with the version and since of their rows.</summary>
    public required IReadOnlyList<BackedUpView> Views { get; init; }

    /// <summary>The name of the log's copy.</summary>
    public string LogFile { get; init; } = FinalLog;

    /// <summary>The path of the log's copy. Checks both names, because a crash may have prevented the rename.</summary>
    public string LogIn(string folder)
    {
        string named = Path.Combine(folder, LogFile);
        return File.Exists(named) ? named : Path.Combine(folder, FinalLog);
    }

    /// <summary>The manifest of a folder; null when it has none.</summary>
    /// <exception cref="IOException">It has one that can't be read.</exception>
    public static BackupManifest? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(document.RootElement, path);
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or FormatException
            or InvalidOperationException)
        {
            throw new IOException($"{path} can't be read: {cause.Message} Choose another folder.", cause);
        }
    }

    /// <summary>Writes it into a folder, durably.</summary>
    public void Write(string folder) => OwnerFile.Replace(Path.Combine(folder, FileName), JsonText.Of(Write));

    private static BackupManifest Read(JsonElement json, string path)
    {
        int format = json.GetProperty("format").GetInt32();
        if (format != Format)
            throw new IOException($"{path} is of format {format}; this version reads {Format}. Use a newer flume.");
        JsonElement log = json.GetProperty("log");
        return new BackupManifest(
            json.GetProperty("identity").GetString()!, json.GetProperty("id").GetString(),
            json.GetProperty("time").GetDateTimeOffset(),
            new LogCopyState(log.GetProperty("bytes").GetInt64(), new Offset(log.GetProperty("head").GetInt64()),
                log.GetProperty("crc32c").GetUInt32()),
            json.GetProperty("newestOwn").GetInt64())
        {
            LogFile = log.TryGetProperty("file", out JsonElement file) ? Plain(file.GetString()!) : FinalLog,
            Views = [.. json.GetProperty("views").EnumerateArray().Select(view => new BackedUpView(
                view.GetProperty("name").GetString()!, view.GetProperty("version").GetInt32(),
                view.GetProperty("since").GetInt64(), view.GetProperty("bytes").GetInt64()))],
        };
    }

    private static string Plain(string name) =>
        name is FinalLog or FreshLog ? name : throw new FormatException($"Its log is called '{name}'.");

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteString("identity", Identity);
        json.WriteString("id", Id);
        json.WriteString("time", Time);
        json.WriteStartObject("log");
        if (LogFile != FinalLog) json.WriteString("file", LogFile);
        json.WriteNumber("bytes", Log.Bytes);
        json.WriteNumber("head", Log.Head.Value);
        json.WriteNumber("crc32c", Log.Crc);
        json.WriteEndObject();
        json.WriteNumber("newestOwn", NewestOwn);
        WriteViews(json, Views);
        json.WriteEndObject();
    }

    public static void WriteViews(Utf8JsonWriter json, IReadOnlyList<BackedUpView> views)
    {
        json.WriteStartArray("views");
        foreach (BackedUpView view in views)
        {
            json.WriteStartObject();
            json.WriteString("name", view.Name);
            json.WriteNumber("version", view.Version);
            json.WriteNumber("since", view.Since);
            json.WriteNumber("bytes", view.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

/// <summary>One view in a backup: its rows' version, since (inclusive), and bytes on disk.</summary>
internal sealed record BackedUpView(string Name, int Version, long Since, long Bytes);
