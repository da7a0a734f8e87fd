namespace Flume.Log;

/// <summary>The path, width and options that all parts of one open log share.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Width">The detected or chosen width.</param>
/// <param name="Options">The options of the open call.</param>
internal sealed record LogSettings(string Path, OffsetWidth Width, LogOptions Options)
{
    /// <summary>The size of an end marker in bytes.</summary>
    public int EndBytes { get; } = Width.Bytes();

    /// <summary>The bytes of a frame without its payload.</summary>
    public int Overhead { get; } = Frame.Overhead(Width.Bytes());
}
