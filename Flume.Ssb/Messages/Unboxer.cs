using System.Buffers;
using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Crypto;

namespace Flume.Ssb.Messages;

/// <summary>Opens the boxes that are for one identity, and remembers what each opened to.</summary>
/// <remarks>Safe for any number of threads at once.</remarks>
public sealed class Unboxer(FeedKeys identity, UnboxCache? memory = null)
{
    /// <summary>Whose boxes this opens.</summary>
    public FeedKeys Identity { get; } = identity;

    /// <summary>What each box opened to; null when nothing is remembered.</summary>
    public UnboxCache? Memory => memory;

    /// <summary>What was opened last.</summary>
    internal OpenedMessages LastOpened { get; } = new();

    /// <summary>
    /// Opens the box at <paramref name="offset"/> into <paramref name="plaintext"/>, which has room for the box.
    /// Returns the length of the text, or -1 when the box is not for this identity.
    /// </summary>
    /// <param name="offset">Where the record stands; None when it is in no log, so that nothing is remembered.</param>
    /// <param name="box">The decoded box.</param>
    /// <param name="unboxKey">Receives the 33 bytes that open the box for anyone.</param>
    /// <param name="plaintext">Receives the text.</param>
    public int Open(Offset offset, ReadOnlySpan<byte> box, Span<byte> unboxKey, Span<byte> plaintext)
    {
        if (box.Length < Sodium.NonceBytes) return -1;
        UnboxCache? remembers = offset.IsSome ? memory : null;
        UnboxOutcome outcome = remembers?.Find(offset, box, unboxKey) ?? UnboxOutcome.Untried;
        if (outcome == UnboxOutcome.Nothing) return -1;
        if (outcome == UnboxOutcome.Opened)
        {
            int known = PrivateBox.Open(box, unboxKey, plaintext);
            if (known >= 0) return known;
        }

        bool found = PrivateBox.TryFindKey(box, Identity.CurveSecretKey, unboxKey);
        int length = found ? PrivateBox.Open(box, unboxKey, plaintext) : -1;
        remembers?.Remember(offset, box, length < 0 ? default : unboxKey);
        return length;
    }

    /// <summary>
    /// True when it is remembered that the box of this content string is for somebody else; decodes its first bytes
    /// only.
    /// </summary>
    internal bool IsNotForUs(Offset offset, ReadOnlySpan<byte> text)
    {
        if (memory is null || !offset.IsSome) return false;
        Span<byte> start = stackalloc byte[UnboxCache.NonceBytes + 1];
        return PrivateBox.TryDecodeStart(text, start) && memory.IsNotForUs(offset, start);
    }

    /// <summary>
    /// Opens a content string, with its own key when one is given; undefined when it does not open to JSON.
    /// </summary>
    /// <param name="content">The string that ends in <c>.box</c>.</param>
    /// <param name="unboxKey">33 bytes: given, or received.</param>
    /// <param name="given">True when <paramref name="unboxKey"/> is the key to open with.</param>
    /// <param name="offset">Where the record stands, so that what the box opened to is remembered; None when in no
    /// log.</param>
    internal JsValue Open(string content, Span<byte> unboxKey, bool given = false, Offset? offset = null)
    {
        byte[] text = Encoding.UTF8.GetBytes(content);
        byte[] box = ArrayPool<byte>.Shared.Rent(text.Length), plaintext = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            int length = PrivateBox.Decode(text, box);
            if (length < 0) return JsValue.Undefined;
            ReadOnlySpan<byte> bytes = box.AsSpan(0, length);
            int opened = given
                ? PrivateBox.Open(bytes, unboxKey, plaintext)
                : Open(offset ?? Offset.None, bytes, unboxKey, plaintext);
            if (opened < 0) return JsValue.Undefined;
            return JsValue.ParseWhole(plaintext.AsMemory(0, opened).ToArray());
        }
        catch (JsSyntaxException)
        {
            return JsValue.Undefined;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(box);
            ArrayPool<byte>.Shared.Return(plaintext);
        }
    }
}
