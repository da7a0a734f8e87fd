using Flume.Log;

namespace Flume.Tools.Generate;

/// <summary>
/// What log to generate: the same options give the same bytes, on any machine and on any number of threads.
/// </summary>
public sealed record GenerateOptions
{
    /// <summary>The most messages one log can be asked for.</summary>
    public const int MessagesMax = 50_000_000;

    /// <summary>The most authors one log can be asked for.</summary>
    public const int AuthorsMax = 1_000_000;

    private const int RecordBytesExpected = 900;

    /// <summary>Messages to write: 1 to <see cref="MessagesMax"/>.</summary>
    public required int Messages { get; init; }

    /// <summary>
    /// Feeds they spread over, 1 to <see cref="AuthorsMax"/>; author 0 is the busiest. A short log may not reach all.
    /// </summary>
    public int Authors { get; init; } = 1000;

    /// <summary>Where all keys, texts and times come from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether one message in 89 is valid but unusual. The JavaScript stack indexes those.</summary>
    public bool Odd { get; init; } = true;

    /// <summary>
    /// Whether one message in 241 is valid and stops a view of the JavaScript stack for ever (docs/spec 8.1).
    /// </summary>
    public bool Poison { get; init; }

    /// <summary>Whether a file named <c>secret</c> with the keys of author 0 is written beside the log.</summary>
    public bool WriteSecret { get; init; }

    /// <summary>Threads that sign; 0 for one per processor. Does not change a byte.</summary>
    public int Threads { get; init; }

    /// <summary>Bytes of an end marker. JavaScript's ssb-db reads 32-bit logs alone, which end at 4 GiB.</summary>
    public OffsetWidth Width { get; init; } = OffsetWidth.Bits32;

    internal void Validate()
    {
        Within(Messages, 1, MessagesMax, nameof(Messages));
        Within(Authors, 1, AuthorsMax, nameof(Authors));
        Within(Threads, 0, 1024, nameof(Threads));
        long expected = (long)Messages * RecordBytesExpected;
        if (expected > Width.FileBytesMax())
            throw new ArgumentException(
                $"{Messages} messages take about {expected} bytes, and a log with {Width.Bits()}-bit offsets ends at " +
                $"{Width.FileBytesMax()}. Ask for fewer, or for a {nameof(Width)} of {OffsetWidth.Bits53}.");
    }

    private static void Within(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentException($"{name} is {value}; expected {least} to {most}.");
    }
}
