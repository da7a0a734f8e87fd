using System.Text;
using Flume.Actors;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Tools.Doctor;

/// <summary>
/// Inspects the identity's own feed: a sequence that is used twice is a fork, which no program can repair.
/// </summary>
internal static class OwnFeedInspector
{
    public static void Inspect(Inspection inspection, IdentityFiles files)
    {
        if (!File.Exists(files.Secret) || !File.Exists(files.Log)) return;
        string own;
        try
        {
            own = SecretFile.Read(files.Secret).Id;
        }
        catch (SecretFileException)
        {
            return; // the secret has a finding of its own
        }

        List<string> forked = [];
        try
        {
            Collect(inspection, files, own, forked);
        }
        catch (LogException)
        {
            // Damage has findings of its own; the records before it are compared.
        }

        if (forked.Count == 0) return;
        inspection.Add(files.Log, new Finding("own-feed-forked", "",
            $"The identity's own feed has {forked.Count} sequences with two messages, the first {forked[0]}.",
            "Other programs keep one of the two and refuse what follows the other. Nothing heals a fork: publish " +
            "from a new identity, and keep this log to read."));
    }

    private static void Collect(Inspection inspection, IdentityFiles files, string own, List<string> forked)
    {
        Dictionary<double, string> bySequence = [];
        byte[] author = Encoding.UTF8.GetBytes(own);
        using OffsetLog log = OffsetLog.Open(files.Log, new LogOptions { ReadOnly = true });
        foreach (LogRecord record in log.Read(LogRange.All))
        {
            inspection.Cancel.ThrowIfCancellationRequested();
            if (record.Deleted || record.Payload.Span.IndexOf(author) < 0) continue;
            if (OwnMessage(record, own) is not var (key, sequence)) continue;
            if (bySequence.TryAdd(sequence, key) || bySequence[sequence] == key) continue;
            forked.Add($"{sequence}: {bySequence[sequence]} and {key}");
        }
    }

    private static (string Key, double Sequence)? OwnMessage(LogRecord record, string own)
    {
        try
        {
            JsValue stored = JsValue.Parse(record.Payload), value = stored["value"];
            bool isOwn = value["author"] is { IsString: true } author && author.AsString == own;
            return isOwn && stored["key"].IsString && value["sequence"].IsNumber
                ? (stored["key"].AsString, value["sequence"].AsNumber)
                : null;
        }
        catch (JsSyntaxException)
        {
            return null;
        }
    }
}
