using Flume.Log;
using Flume.Query.Json;
using Flume.Query.Tape;

namespace Flume.Views.Records;

/// <summary>One record of a log, decoded once for all views: its bytes and its JSON values on a tape.</summary>
/// <remarks>
/// 1. Everything read from it is valid until its decoder decodes the next record. It belongs to one thread.
/// 2. When <see cref="IsJson"/> is false, only <see cref="Offset"/> and <see cref="Payload"/> are meaningful.
/// 3. A <see cref="RecordFormat"/> can decode into a derived class that finds more, as Flume.Ssb does with messages.
/// </remarks>
public class DecodedRecord
{
    /// <summary>The position of the record in its log, in bytes; None if it is not in a log.</summary>
    public Offset Offset { get; private set; }

    /// <summary>True when the bytes are one JSON value. False for a broken or a deleted record.</summary>
    public bool IsJson { get; private set; }

    /// <summary>True if the payload is empty or all zeros: the record was deleted.</summary>
    public bool IsDeleted => !IsJson && Payload.Span.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>The bytes of the record as stored in the log.</summary>
    public ReadOnlyMemory<byte> Payload => Tape.Memory;

    /// <summary>The JSON values of the record.</summary>
    public JsonTape Tape { get; } = new();

    /// <summary>The whole record as one value.</summary>
    public TapeValue Root => Tape.Root;

    /// <summary>A copy of the value that outlives the record.</summary>
    public JsValue ToJsValue() => JsValue.Parse(Payload.ToArray());

    /// <summary>
    /// The value that queries and declared views receive. It is valid as long as <paramref name="stored"/>.
    /// </summary>
    /// <param name="stored">The parsed record, over the record's own bytes or over a copy.</param>
    public virtual JsValue ToQueryValue(JsValue stored) => stored;

    /// <summary>Parses a record into this object.</summary>
    /// <param name="offset">The position of the record, or None.</param>
    /// <param name="payload">The bytes. They are copied.</param>
    protected internal virtual void Start(Offset offset, ReadOnlySpan<byte> payload)
    {
        Offset = offset;
        IsJson = Tape.TryParse(payload);
    }
}
