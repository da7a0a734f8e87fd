using Flume.Views.Records;

namespace Flume.Ssb.Messages;

/// <summary>Records that are SSB messages. A record that is no message stays a plain record.</summary>
/// <param name="boxes">Opens private messages; null leaves all boxed.</param>
public sealed class SsbFormat(Unboxer? boxes) : RecordFormat
{
    /// <inheritdoc/>
    public override RecordDecoder NewDecoder() => new MessageDecoder(boxes);

    /// <inheritdoc/>
    protected internal override void Flush() => boxes?.Memory?.Flush();
}
