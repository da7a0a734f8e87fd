using System.Buffers;
using System.Buffers.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Actors;

/// <summary>The next records of the log as one JSON text: copied, not parsed, but for what must be decrypted.</summary>
/// <remarks>For one thread. Deleted records and such as are no JSON are left out; its since passes over them.</remarks>
internal sealed class FeedBatch(IIdentity identity)
{
    private readonly ArrayBufferWriter<byte> _values = new(1 << 20);
    private readonly ArrayBufferWriter<byte> _seqs = new(1 << 12);
    private long _epoch;
    private Offset _head;

    /// <summary>The offset of its last record, left out or not.</summary>
    public Offset Since { get; private set; }

    /// <summary>Records in it.</summary>
    public int Records { get; private set; }

    /// <summary>Bytes of log that it covers.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Takes the records beyond <paramref name="after"/>, until they are this many bytes; false at the head.
    /// </summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public bool Fill(long epoch, Offset after, long bytesMax)
    {
        OffsetLog log = identity.Log;
        (_epoch, _head, Since, Records, Bytes) = (epoch, log.Head, after, 0, 0);
        _values.ResetWrittenCount();
        _seqs.ResetWrittenCount();
        Offset at = after.IsSome ? log.Next(after) : Offset.Zero;
        while (at <= _head && Bytes < bytesMax && log.TryRead(at, out LogRecord record))
        {
            if (!record.Deleted) Add(record);
            Bytes += record.Next.Value - at.Value;
            Since = at;
            at = record.Next;
        }

        return Since > after;
    }

    /// <summary>The batch; it holds on after the next <see cref="Fill"/>.</summary>
    public JsValue ToJsValue()
    {
        ArrayBufferWriter<byte> json = new(_values.WrittenCount + _seqs.WrittenCount + 128);
        json.Write("{\"turn\":"u8);
        Write(json, _epoch);
        json.Write(",\"since\":"u8);
        Write(json, Since.Value);
        json.Write(",\"head\":"u8);
        Write(json, _head.Value);
        json.Write(",\"seqs\":["u8);
        json.Write(_seqs.WrittenSpan);
        json.Write("],\"values\":["u8);
        json.Write(_values.WrittenSpan);
        json.Write("]}"u8);
        return JsValue.Parse(json.WrittenMemory);
    }

    private void Add(in LogRecord record)
    {
        ReadOnlyMemory<byte> text = record.Payload;
        try
        {
            JsValue value = JsValue.ParseWhole(text);
            if (identity.Boxes is { } boxes && text.Span.IndexOf(".box"u8) >= 0 && value["value"]["content"].IsString)
                text = JsWriter.ToUtf8(MessageView.Decrypt(value, boxes, record.Offset));
        }
        catch (JsSyntaxException)
        {
            return;
        }

        if (Records > 0)
        {
            _values.Write(","u8);
            _seqs.Write(","u8);
        }

        _values.Write(text.Span);
        Write(_seqs, record.Offset.Value);
        Records++;
    }

    private static void Write(ArrayBufferWriter<byte> output, long number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(20), out int length);
        output.Advance(length);
    }
}
