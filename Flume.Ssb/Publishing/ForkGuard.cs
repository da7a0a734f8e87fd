using System.Text.Json;
using Flume.Ssb.Api;
using Flume.Views.Store;

namespace Flume.Ssb.Publishing;

/// <summary>
/// Stands beside the key pair of an identity that came from a backup: until it is known that the backup has its newest
/// own message, publishing could use a sequence twice, and a forked feed can never be mended.
/// </summary>
/// <param name="RestoredAt">When the backup was restored.</param>
/// <param name="BackedUpAt">When the backup was made.</param>
/// <param name="NewestInBackup">The newest own sequence in the restored log; 0 for none.</param>
/// <param name="NewestElsewhere">The newest own sequence that is known from elsewhere; null if none is.</param>
public sealed record ForkGuard(
    DateTimeOffset RestoredAt, DateTimeOffset BackedUpAt, long NewestInBackup, long? NewestElsewhere)
{
    private const string FileName = "restored.json";

    /// <summary>The marker of an identity's folder; null when there is none.</summary>
    /// <exception cref="IOException">There is one that can't be read.</exception>
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
                $"{path} can't be read: {cause.Message} It says that the identity came from a backup; " +
                "call flume.confirmRestore to do without it.", cause);
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

        DurableFile.Replace(Path.Combine(directory, FileName), bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>Removes the marker: an operator vouches, or the feed has caught up. False when there was none.</summary>
    public static bool Remove(string directory)
    {
        string path = Path.Combine(directory, FileName);
        bool was = File.Exists(path);
        File.Delete(path);
        return was;
    }

    /// <summary>Refuses to publish while the next sequence may have been used before.</summary>
    /// <param name="identity">Who is about to publish.</param>
    /// <param name="newest">The newest own sequence in its log; 0 for none.</param>
    /// <exception cref="ApiException">It may fork the feed.</exception>
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
            : "whether it published more after that is unknown";
        string until = NewestElsewhere is { } least ? $" up to number {least}" : "";
        return $"Identity '{name}' was restored from a backup of {BackedUpAt:u}; its log ends at own message {newest}, " +
            $"and {known}. Publishing number {newest + 1} would fork the feed if there is one already, and nobody " +
            $"could follow it any more. Fetch the own feed from a peer{until} first ('add'), or call " +
            "flume.confirmRestore to vouch that nothing newer was ever published.";
    }
}
