using Flume.Log;

namespace Flume.Views.Records;

/// <summary>Decodes records one at a time, for one thread.</summary>
/// <remarks>
/// It never throws, whatever the bytes. It allocates only for a record that is larger than all earlier ones.
/// </remarks>
public class RecordDecoder
{
    private DecodedRecord? _record;

    /// <summary>Decodes a record into an object that the decoder reuses: it is valid until the next call.</summary>
    /// <param name="offset">The position of the record; None when it is in no log.</param>
    /// <param name="payload">The bytes of the record; they are copied.</param>
    public DecodedRecord Decode(Offset offset, ReadOnlySpan<byte> payload)
    {
        _record ??= NewRecord();
        Decode(offset, payload, _record);
        return _record;
    }

    /// <summary>An object that <see cref="Decode(Offset, ReadOnlySpan{byte}, DecodedRecord)"/> can decode into.</summary>
    public virtual DecodedRecord NewRecord() => new();

    /// <summary>Decodes a record into an object of the caller that <see cref="NewRecord"/> made.</summary>
    public virtual void Decode(Offset offset, ReadOnlySpan<byte> payload, DecodedRecord into) =>
        into.Start(offset, payload);
}
