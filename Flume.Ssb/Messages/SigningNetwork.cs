using Flume.Log;
using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>
/// Tells whether the messages of a log are of another network: one that signs with a key of its own (<c>caps.sign</c>).
/// </summary>
/// <remarks>
/// Such messages have the right ids and signatures that never verify here. Nothing could be added to the log, and what
/// is published would be of both networks.
/// </remarks>
public static class SigningNetwork
{
    private const int MessagesTried = 16, MessagesLeast = 3, RecordsRead = 10_000;

    /// <summary>
    /// Null if a message of the log verifies, or too few are there to judge by; otherwise what is wrong, in a sentence.
    /// </summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public static string? FaultOf(OffsetLog log)
    {
        int tried = 0, read = 0;
        foreach (LogRecord record in log.Read(LogRange.All))
        {
            if (++read > RecordsRead || tried == MessagesTried) break;
            if (record.Deleted || !IsWhole(record, out JsObject value)) continue;
            if (MessageSignature.Verify(value)) return null;
            tried++;
        }

        return tried < MessagesLeast ? null
            : $"None of the first {tried} messages of {log.Path} has a signature that verifies, though their ids are " +
                "right: they are of a network that signs with a key of its own (caps.sign). Flume can't publish or " +
                "replicate there.";
    }

    /// <summary>True for a message with a right id and a signature of the right form.</summary>
    private static bool IsWhole(LogRecord record, out JsObject value)
    {
        value = null!;
        try
        {
            JsValue stored = JsValue.ParseWhole(record.Payload);
            JsValue key = stored["key"], original = MessageView.OriginalValue(stored["value"]);
            if (!key.IsString || !Ref.IsMessage(key.AsString) || !original.IsObject) return false;
            if (original["signature"] is not { IsString: true } signature
                || original["author"] is not { IsString: true } author)
                return false;
            bool hasForm = MessageSignature.FitsCurve(signature.AsString, author.AsString);
            if (!hasForm || new CanonicalMessage(original).Id != key.AsString) return false;
            value = original.AsObject;
            return true;
        }
        catch (JsSyntaxException)
        {
            return false;
        }
    }
}
