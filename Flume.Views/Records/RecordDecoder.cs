using Flume.Log;

namespace Flume.Views.Records;

/// <summary>Decodes records one at a time, for one thread.</summary>
/// <remarks>
/// It never throws for any bytes. It allocates only for a record that is larger than all earlier ones.
/// </remarks>
public class RecordDecoder
{
    private DecodedRecord? _record;

    /// <summary>
    /// Decodes a record into an object that the decoder reuses. The object is valid until the next call.
    /// </summary>
    /// <param name="offset">The position of the record; None if it is not in a log.</param>
    /// <param name="payload">The bytes of the record. They are copied.</param>
    public DecodedRecord Decode(Offset offset, ReadOnlySpan<byte> payload)
    {
        _record ??= NewRecord();
        Decode(offset, payload, _record);
        return _record;
    }

    /// <summary>Creates an object for <see cref="Decode(Offset, ReadOnlySpan{byte}, DecodedRecord)"/>.</summary>
    public virtual DecodedRecord NewRecord() => new();

    /// <summary>Decodes a record into an object of the caller, created by <see cref="NewRecord"/>.</summary>
    public virtual void Decode(Offset offset, ReadOnlySpan<byte> payload, DecodedRecord into) =>
        into.Start(offset, payload);
}
