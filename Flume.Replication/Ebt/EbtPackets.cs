using System.Text;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Replication.Ebt;

/// <summary>Reads and writes the packets of an EBT stream.</summary>
internal static class EbtPackets
{
    /// <summary>The maximum notes in one packet of a peer.</summary>
    public const int NotesMax = 100_000;

    /// <summary>The maximum bytes of a message. Every encoding of a valid message is smaller.</summary>
    public const int MessageBytesMax = 64 * 1024;

    /// <summary>The value of a packet, independent of its type; undefined if it is not JSON.</summary>
    public static JsValue Read(Packet packet)
    {
        try
        {
            return packet.Body.IsEmpty ? JsValue.Undefined : JsValue.ParseWhole(packet.Body);
        }
        catch (JsSyntaxException)
        {
            return JsValue.Undefined;
        }
    }

    /// <summary>True if the value is a message, so it has an author and a sequence.</summary>
    public static bool IsMessage(JsValue value) =>
        value.IsObject && value["author"].IsString && value["content"].IsTruthy
        && value["sequence"] is { IsNumber: true } sequence && sequence.AsNumber > 0
        && sequence.AsNumber == Math.Floor(sequence.AsNumber);

    /// <summary>
    /// The notes of a packet that is not a message. Keys that are no feeds and numbers out of range are skipped.
    /// </summary>
    public static IEnumerable<(string Feed, EbtNote Note)> Notes(JsValue value)
    {
        if (!value.IsObject) yield break;
        JsObject members = value["clock"] is { IsObject: true } clock ? clock.AsObject : value.AsObject;
        foreach ((string feed, JsValue number) in members)
        {
            if (!Ref.IsFeed(feed)) continue;
            if (!number.IsNumber) yield return (feed, EbtNote.Refusal);
            else if (EbtNote.TryDecode(number.AsNumber, out EbtNote note)) yield return (feed, note);
        }
    }

    /// <summary>Encodes notes as one JSON object.</summary>
    public static byte[] Write(IReadOnlyDictionary<string, EbtNote> notes)
    {
        StringBuilder json = new("{");
        foreach ((string feed, EbtNote note) in notes)
        {
            if (json.Length > 1) json.Append(',');
            json.Append('"').Append(feed).Append("\":").Append(note.Encode());
        }

        return Encoding.UTF8.GetBytes(json.Append('}').ToString());
    }
}
