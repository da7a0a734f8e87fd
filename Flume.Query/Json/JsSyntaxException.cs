namespace Flume.Query.Json;

/// <summary>The text is not JSON; the message gives the expected token, the actual byte, and its position.</summary>
public sealed class JsSyntaxException : FormatException
{
    /// <summary>Creates the error for <paramref name="position"/>.</summary>
    public JsSyntaxException(string problem, int position)
        : base($"{problem} at byte {position} of the JSON text.")
    {
        Position = position;
    }

    /// <summary>The position of the wrong byte in the parsed text, from 0.</summary>
    public int Position { get; }

    /// <summary>Creates the error for an unexpected byte at <paramref name="position"/>.</summary>
    internal static JsSyntaxException Expected(string what, ReadOnlySpan<byte> text, int position)
    {
        if (position >= text.Length) return new JsSyntaxException($"Expected {what}, but the text ended", position);
        byte found = text[position];
        string shown = found is > 0x20 and < 0x7f ? $"'{(char)found}'" : $"byte 0x{found:x2}";
        return new JsSyntaxException($"Expected {what}, found {shown}", position);
    }
}
