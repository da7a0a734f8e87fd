using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Views.Records;

namespace Flume.Ssb.Messages;

/// <summary>Turns the bytes of records into messages, one after the other, for one thread.</summary>
/// <remarks>
/// Total: no bytes make it throw, and what is no message says why. Allocates only room for records larger than any
/// before. A private content that is no JSON, or JSON that is falsy, stays boxed, as JavaScript leaves it.
/// </remarks>
/// <param name="opener">Opens private messages; null to leave all boxed.</param>
public sealed class MessageDecoder(Unboxer? opener = null) : RecordDecoder
{
    // Up to here comparing every two names is cheaper than a set of them.
    private const int PairsMax = 24;

    private byte[] _box = new byte[1024];

    /// <summary>As the base class does, with the type of what it decodes into.</summary>
    public new DecodedMessage Decode(Offset offset, ReadOnlySpan<byte> payload) =>
        (DecodedMessage)base.Decode(offset, payload);

    /// <inheritdoc/>
    public override DecodedRecord NewRecord() => new DecodedMessage();

    /// <inheritdoc/>
    public override void Decode(Offset offset, ReadOnlySpan<byte> payload, DecodedRecord into)
    {
        base.Decode(offset, payload, into);
        DecodedMessage message = (DecodedMessage)into;
        if (opener is not null && message.IsMessage && message.Content.IsString && TryOpen(opener, message))
            message.Opened();
    }

    private bool TryOpen(Unboxer with, DecodedMessage message)
    {
        // A box has no escapes: its bytes are what stands between the quotes, and most contents end here.
        ReadOnlySpan<byte> text = message.Content.Utf8;
        if (!text.EndsWith(PrivateBox.Suffix) || with.IsNotForUs(message.Offset, text)) return false;
        if (_box.Length < text.Length) _box = new byte[text.Length * 2];
        int length = PrivateBox.Decode(text, _box);
        JsonTape tape = message.PrivateTape;
        Span<byte> plaintext = tape.Buffer(length);
        length = with.Open(message.Offset, _box.AsSpan(0, length), message.UnboxKeyRoom, plaintext);
        if (length < 0 || !tape.TryParseBuffer(length) || !tape.Root.IsTruthy) return false;
        return !HasDuplicates(tape) || TryRewrite(tape);
    }

    /// <summary>
    /// JavaScript drops all but the last of members with one name when it parses. The log's own records were parsed
    /// before they were written; what was in a box was not.
    /// </summary>
    private static bool TryRewrite(JsonTape tape)
    {
        JsValue value = JsValue.Parse(tape.Text.ToArray());
        return tape.TryParse(JsWriter.ToUtf8(value).Span);
    }

    private static bool HasDuplicates(JsonTape tape)
    {
        for (int i = 0; i < tape.Count; i++)
        {
            if (tape[i].Kind == JsKind.Object && HasDuplicates(tape[i])) return true;
        }

        return false;
    }

    private static bool HasDuplicates(TapeValue container)
    {
        int count = 0;
        foreach (TapeValue _ in container) count++;
        if (count > PairsMax) return HasManyDuplicates(container);
        foreach (TapeValue member in container)
        {
            if (container[member.NameUtf8].Index != member.Index) return true;
        }

        return false;
    }

    private static bool HasManyDuplicates(TapeValue container)
    {
        var names = new HashSet<ulong>();
        foreach (TapeValue member in container)
        {
            if (!names.Add(Fingerprint.Of(member.NameUtf8))) return true;
        }

        return false;
    }
}
