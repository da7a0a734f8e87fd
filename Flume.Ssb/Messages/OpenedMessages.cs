using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>A cache of recently decrypted messages, so that repeated reads do not decrypt again.</summary>
/// <remarks>
/// 1. Two generations with at most <see cref="GenerationMax"/> entries each. A full younger generation replaces the
/// older one.
/// 2. The key of an entry is its offset and ciphertext, so a replaced record does not match.
/// 3. Cached messages are immutable and own their text. Thread-safe.
/// </remarks>
internal sealed class OpenedMessages
{
    /// <summary>The capacity of one generation. An entry takes about the size of its text.</summary>
    internal const int GenerationMax = 2048;

    private readonly Lock _lock = new();
    private Dictionary<(long Offset, ulong Box), JsValue> _young = [];
    private Dictionary<(long Offset, ulong Box), JsValue> _elder = [];

    /// <summary>Gets the decrypted message with this offset and box; false if not cached.</summary>
    internal bool TryGet(Offset offset, JsValue box, out JsValue message)
    {
        message = default;
        if (!TryKey(offset, box, out (long, ulong) key)) return false;
        lock (_lock)
        {
            if (_young.TryGetValue(key, out message)) return true;
            if (!_elder.TryGetValue(key, out message)) return false;
            Add(key, message);
            return true;
        }
    }

    /// <summary>Adds a decrypted message that owns its text. Returns the cached message.</summary>
    internal JsValue Keep(Offset offset, JsValue box, JsValue message)
    {
        if (!TryKey(offset, box, out (long, ulong) key)) return message;
        JsValue kept = JsValue.Parse(JsWriter.ToUtf8(message));
        lock (_lock) Add(key, kept);
        return kept;
    }

    private void Add((long, ulong) key, JsValue message)
    {
        if (_young.Count == GenerationMax) (_elder, _young) = (_young, []);
        _young[key] = message;
    }

    /// <summary>A box value created by code has no text, so it has no key.</summary>
    private static bool TryKey(Offset offset, JsValue box, out (long, ulong) key)
    {
        key = default;
        if (!offset.IsSome || !box.TryGetRaw(out ReadOnlyMemory<byte> text)) return false;
        key = (offset.Value, Fingerprint.Of(text.Span));
        return true;
    }
}
