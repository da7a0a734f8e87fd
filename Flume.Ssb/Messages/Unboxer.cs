using System.Buffers;
using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Crypto;

namespace Flume.Ssb.Messages;

/// <summary>Decrypts the boxes of one identity and caches the results.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class Unboxer(FeedKeys identity, UnboxCache? memory = null)
{
    /// <summary>The identity that the boxes are decrypted for.</summary>
    public FeedKeys Identity { get; } = identity;

    /// <summary>The cache of unbox results; null for none.</summary>
    public UnboxCache? Memory => memory;

    /// <summary>The cache of recently decrypted messages.</summary>
    internal OpenedMessages LastOpened { get; } = new();

    /// <summary>
    /// Decrypts the box at <paramref name="offset"/> into <paramref name="plaintext"/>, which has room for the box.
    /// Returns the text's length, or -1 if the box is not for this identity.
    /// </summary>
    /// <param name="offset">The offset of the record. None for a record outside a log, which is not cached.</param>
    /// <param name="box">The decoded box.</param>
    /// <param name="unboxKey">Receives the 33-byte key of the box.</param>
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
    /// True if the cache knows that this content string's box is not for this identity. It decodes only the first
    /// bytes.
    /// </summary>
    internal bool IsNotForUs(Offset offset, ReadOnlySpan<byte> text)
    {
        if (memory is null || !offset.IsSome) return false;
        Span<byte> start = stackalloc byte[UnboxCache.NonceBytes + 1];
        return PrivateBox.TryDecodeStart(text, start) && memory.IsNotForUs(offset, start);
    }

    /// <summary>Decrypts a content string, optionally with a given key. Undefined if the result is not JSON.</summary>
    /// <param name="content">The string that ends in <c>.box</c>.</param>
    /// <param name="unboxKey">The 33-byte key, as input or output.</param>
    /// <param name="given">True if <paramref name="unboxKey"/> is an input.</param>
    /// <param name="offset">The offset of the record, for the cache; None for a record outside a log.</param>
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
