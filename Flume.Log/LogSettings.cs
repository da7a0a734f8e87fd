namespace Flume.Log;

/// <summary>What all parts of one open log know about it.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Width">Its width, as found out.</param>
/// <param name="Options">How it was opened.</param>
internal sealed record LogSettings(string Path, OffsetWidth Width, LogOptions Options)
{
    /// <summary>Bytes of an end marker.</summary>
    public int EndBytes { get; } = Width.Bytes();

    /// <summary>Bytes of a frame beyond its payload.</summary>
    public int Overhead { get; } = Frame.Overhead(Width.Bytes());
}
