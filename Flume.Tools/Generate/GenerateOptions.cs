using Flume.Log;

namespace Flume.Tools.Generate;

/// <summary>
/// The options of a generated log. The same options give the same bytes, on every machine and with every thread count.
/// </summary>
public sealed record GenerateOptions
{
    /// <summary>The maximum number of messages in one log.</summary>
    public const int MessagesMax = 50_000_000;

    /// <summary>The maximum number of authors in one log.</summary>
    public const int AuthorsMax = 1_000_000;

    private const int RecordBytesExpected = 900;

    /// <summary>The number of messages: 1 to <see cref="MessagesMax"/>.</summary>
    public required int Messages { get; init; }

    /// <summary>
    /// The number of feeds, 1 to <see cref="AuthorsMax"/>; author 0 writes most. A short log may not contain all feeds.
    /// </summary>
    public int Authors { get; init; } = 1000;

    /// <summary>The seed of all keys, texts and times.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether one message in 89 is valid but unusual. The JavaScript stack indexes these messages.</summary>
    public bool Odd { get; init; } = true;

    /// <summary>
    /// Whether one message in 241 is valid but stops a view of the JavaScript stack permanently (docs/spec 8.1).
    /// </summary>
    public bool Poison { get; init; }

    /// <summary>Whether a file named <c>secret</c> with the keys of author 0 is written beside the log.</summary>
    public bool WriteSecret { get; init; }

    /// <summary>Threads that sign; 0 for one per processor. Does not change a byte.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Bytes of an end marker. JavaScript's ssb-db reads only 32-bit logs, which are limited to 4 GiB.
    /// </summary>
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
