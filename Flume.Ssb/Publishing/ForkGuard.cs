using System.Text.Json;
using Flume.Log.Primitives;
using Flume.Ssb.Api;

namespace Flume.Ssb.Publishing;

/// <summary>
/// The marker file of an identity that was restored from a backup. The backup may lack the newest own message.
/// Publishing could then reuse a sequence, and a forked feed cannot be repaired.
/// </summary>
/// <param name="RestoredAt">The time of the restore.</param>
/// <param name="BackedUpAt">The time of the backup.</param>
/// <param name="NewestInBackup">The newest own sequence in the restored log; 0 for none.</param>
/// <param name="NewestElsewhere">The newest own sequence known from another source; null if unknown.</param>
public sealed record ForkGuard(
    DateTimeOffset RestoredAt, DateTimeOffset BackedUpAt, long NewestInBackup, long? NewestElsewhere)
{
    private const string FileName = "restored.json";

    /// <summary>Reads the marker in an identity's folder; null if there is none.</summary>
    /// <exception cref="IOException">The marker exists but cannot be read.</exception>
    public static ForkGuard? Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement json = document.RootElement, elsewhere = json.GetProperty("newestElsewhere");
            return new ForkGuard(
                json.GetProperty("restoredAt").GetDateTimeOffset(), json.GetProperty("backedUpAt").GetDateTimeOffset(),
                json.GetProperty("newestInBackup").GetInt64(),
                elsewhere.ValueKind == JsonValueKind.Number ? elsewhere.GetInt64() : null);
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or FormatException
            or InvalidOperationException)
        {
            throw new IOException(
                $"Cannot read {path}: {cause.Message} The file marks the identity as restored from a backup. " +
                "Call flume.confirmRestore to remove it.", cause);
        }
    }

    /// <summary>Writes the marker into an identity's folder.</summary>
    public void Write(string directory)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("restoredAt", RestoredAt);
            json.WriteString("backedUpAt", BackedUpAt);
            json.WriteNumber("newestInBackup", NewestInBackup);
            if (NewestElsewhere is { } newest) json.WriteNumber("newestElsewhere", newest);
            else json.WriteNull("newestElsewhere");
            json.WriteEndObject();
        }

        OwnerFile.Replace(Path.Combine(directory, FileName), bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>
    /// Removes the marker after an operator's confirmation, or when the feed is complete. False if there is none.
    /// </summary>
    public static bool Remove(string directory)
    {
        string path = Path.Combine(directory, FileName);
        bool was = File.Exists(path);
        File.Delete(path);
        return was;
    }

    /// <summary>Refuses to publish while the next sequence may already be in use.</summary>
    /// <param name="identity">The publishing identity.</param>
    /// <param name="newest">The newest own sequence in its log; 0 for none.</param>
    /// <exception cref="ApiException">The message could fork the feed.</exception>
    internal static void ThrowIfForking(IIdentity identity, long newest)
    {
        if (!File.Exists(Path.Combine(identity.Directory, FileName))) return;
        if (Read(identity.Directory) is not { } marker) return;
        if (marker.NewestElsewhere is { } elsewhere && newest >= elsewhere)
        {
            Remove(identity.Directory);
            return;
        }

        throw ApiException.Error(marker.Refusal(identity.Name, newest));
    }

    private string Refusal(string name, long newest)
    {
        string known = NewestElsewhere is { } elsewhere
            ? $"its newest own message elsewhere is number {elsewhere}"
            : "it may have published newer messages";
        string until = NewestElsewhere is { } least ? $" up to number {least}" : "";
        return $"Identity '{name}' was restored from a backup of {BackedUpAt:u}. Its log ends at own message " +
            $"{newest}, and {known}. If message {newest + 1} exists, publishing it again would fork the feed, and " +
            $"peers would no longer accept the feed. Fetch the own feed from a peer{until} first ('add'), or call " +
            "flume.confirmRestore to confirm that no newer message was ever published.";
    }
}
