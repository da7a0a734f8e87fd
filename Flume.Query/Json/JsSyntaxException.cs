namespace Flume.Query.Json;

/// <summary>The text is not JSON: what was expected, what stood there, and where.</summary>
public sealed class JsSyntaxException : FormatException
{
    /// <summary>Says what was wrong at <paramref name="position"/>.</summary>
    public JsSyntaxException(string problem, int position)
        : base($"{problem} at byte {position} of the JSON text.")
    {
        Position = position;
    }

    /// <summary>The byte of the parsed text where reading stopped, from 0.</summary>
    public int Position { get; }

    /// <summary>The error for a byte that cannot stand at <paramref name="position"/>.</summary>
    internal static JsSyntaxException Expected(string what, ReadOnlySpan<byte> text, int position)
    {
        if (position >= text.Length) return new JsSyntaxException($"Expected {what}, but the text ended", position);
        byte found = text[position];
        string shown = found is > 0x20 and < 0x7f ? $"'{(char)found}'" : $"byte 0x{found:x2}";
        return new JsSyntaxException($"Expected {what}, found {shown}", position);
    }
}
