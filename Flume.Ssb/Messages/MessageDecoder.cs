using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Views.Records;

namespace Flume.Ssb.Messages;

/// <summary>Decodes the bytes of records to messages, one at a time, for one thread.</summary>
/// <remarks>
/// It never throws, whatever the bytes; a record that is not a message has a fault. It allocates only for a record
/// larger than all earlier ones. Private content that is not JSON or is falsy stays encrypted, as in JavaScript.
/// </remarks>
/// <param name="opener">Decrypts private messages; null leaves them encrypted.</param>
public sealed class MessageDecoder(Unboxer? opener = null) : RecordDecoder
{
    // Up to this number of names, comparing all pairs is faster than a set.
    private const int PairsMax = 24;

    private byte[] _box = new byte[1024];

    /// <summary>As the base method, with the derived type.</summary>
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
        // A box has no escapes, so its raw bytes are the text. Most contents return here.
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
    /// JavaScript's parser keeps the last of several members with one name. The writer parsed the log's records, but
    /// not the text inside a box.
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
