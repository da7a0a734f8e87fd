using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Reading;

/// <summary>Reads messages from an identity's log, as stored or decrypted.</summary>
internal readonly struct MessageReader(IIdentity identity)
{
    /// <summary>The bytes of the record at <paramref name="offset"/>; false if it was deleted.</summary>
    internal bool TryBytes(Offset offset, out ReadOnlyMemory<byte> bytes)
    {
        bool found = identity.Log.TryRead(offset, out LogRecord record) && !record.Deleted;
        bytes = found ? record.Payload : default;
        return found;
    }

    /// <summary>The stored message at <paramref name="offset"/>; false if it was deleted or is not JSON.</summary>
    internal bool TryStored(Offset offset, out JsValue message)
    {
        message = default;
        if (!TryBytes(offset, out ReadOnlyMemory<byte> bytes)) return false;
        try
        {
            message = JsValue.Parse(bytes);
            return true;
        }
        catch (JsSyntaxException)
        {
            return false;
        }
    }

    /// <summary>The message, decrypted if possible; false as in <see cref="TryStored"/>.</summary>
    internal bool TryOpened(Offset offset, out JsValue message)
    {
        if (!TryStored(offset, out message)) return false;
        message = Opened(offset, message);
        return true;
    }

    /// <summary>A stored message, decrypted if possible.</summary>
    internal JsValue Opened(Offset offset, JsValue stored)
    {
        if (!RecordText.MayHoldBox(stored) || !stored["value"]["content"].IsString) return stored;
        return identity.Boxes is { } boxes ? MessageView.Decrypt(stored, boxes, offset) : stored;
    }
}
