using Flume.Views.Records;

namespace Flume.Ssb.Messages;

/// <summary>The format of SSB messages. Other records stay plain records.</summary>
/// <param name="boxes">Decrypts private messages; null leaves them encrypted.</param>
public sealed class SsbFormat(Unboxer? boxes) : RecordFormat
{
    /// <inheritdoc/>
    public override string Reader => boxes?.Identity.Id ?? "";

    /// <inheritdoc/>
    public override RecordDecoder NewDecoder() => new MessageDecoder(boxes);

    /// <inheritdoc/>
    protected internal override void Flush() => boxes?.Memory?.Flush();
}
