using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>The private messages that were opened last, so that a page read again is not decrypted again.</summary>
/// <remarks>
/// 1. Of two generations each has at most <see cref="GenerationMax"/>; the elder goes when the younger is full.
/// 2. An entry is found by its offset and its ciphertext, so what stands there now is what was opened.
/// 3. What is kept is parsed text, which never changes and outlives the log it came from. For any number of threads.
/// </remarks>
internal sealed class OpenedMessages
{
    /// <summary>How many messages one generation keeps; each takes about as much as its text.</summary>
    internal const int GenerationMax = 2048;

    private readonly Lock _lock = new();
    private Dictionary<(long Offset, ulong Box), JsValue> _young = [];
    private Dictionary<(long Offset, ulong Box), JsValue> _elder = [];

    /// <summary>
    /// The opened form of the message at an offset whose content is this box; false when it is not kept.
    /// </summary>
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

    /// <summary>Keeps a message that was just opened, over a text of its own; returns what is kept.</summary>
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

    /// <summary>A box that code made has no text to tell it by.</summary>
    private static bool TryKey(Offset offset, JsValue box, out (long, ulong) key)
    {
        key = default;
        if (!offset.IsSome || !box.TryGetRaw(out ReadOnlyMemory<byte> text)) return false;
        key = (offset.Value, Fingerprint.Of(text.Span));
        return true;
    }
}
