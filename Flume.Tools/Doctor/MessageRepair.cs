using Flume.Log;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Ssb.Messages;

namespace Flume.Tools.Doctor;

/// <summary>
/// Finds a single changed byte of a stored message without a checksum: the byte value with which the message hashes to
/// its key. Only the original value does.
/// </summary>
internal static class MessageRepair
{
    private const int BytesMax = 64 << 10;

    /// <summary>The original byte for an offset of a log; null if no single byte repairs the message.</summary>
    public static LogByteRepair? Find(OffsetLog log, Offset offset, CancellationToken cancel)
    {
        if (!log.TryRead(offset, out LogRecord record) || record.Payload.Length is 0 or > BytesMax) return null;
        byte[] payload = record.Payload.ToArray();
        long start = offset.Value + sizeof(uint);
        (int At, byte Was)? found = null;
        ParallelOptions options = new() { CancellationToken = cancel };
        Parallel.For(0, payload.Length, options, () => new Trial(payload), (at, loop, trial) =>
        {
            if (found is null && trial.Restore(at) is { } was) found = (at, was);
            if (found is not null) loop.Stop();
            return trial;
        }, static _ => { });
        return found is var (place, byteWas)
            ? new LogByteRepair(start + place, payload[place], byteWas, start, payload.Length)
            : null;
    }

    /// <summary>One thread's copy of the message, for trials.</summary>
    private sealed class Trial(byte[] original)
    {
        private readonly byte[] _bytes = [.. original];
        private readonly JsonTape _tape = new();

        public byte? Restore(int at)
        {
            byte changed = _bytes[at];
            for (int mask = 1; mask <= byte.MaxValue; mask++)
            {
                _bytes[at] = (byte)(changed ^ mask);
                if (_tape.TryParse(_bytes) && HashesToItsKey(_bytes)) return _bytes[at];
            }

            _bytes[at] = changed;
            return null;
        }

        private static bool HashesToItsKey(byte[] bytes)
        {
            try
            {
                JsValue stored = JsValue.ParseWhole(bytes.ToArray()); // parsed values keep the array
                JsValue key = stored["key"], value = stored["value"];
                return key.IsString && value.IsObject
                    && new CanonicalMessage(MessageView.OriginalValue(value)).Id == key.AsString;
            }
            catch (JsSyntaxException)
            {
                return false;
            }
        }
    }
}
