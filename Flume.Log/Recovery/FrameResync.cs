namespace Flume.Log;

/// <summary>Finds the next complete record after a damaged one.</summary>
internal static class FrameResync
{
    /// <summary>
    /// The next readable position after the damage at <paramref name="position"/>: the start of a valid frame, or the
    /// log's end.
    /// </summary>
    public static long After(long position, LogWindow window, TailScanner tail)
    {
        // Most damage does not change the length, so its claim is tested first. That also skips payload bytes that
        // look like frames.
        if (window.Length - position >= Frame.LengthBytes)
        {
            long claimed = position + window.LengthAt(position) + Frame.Overhead(window.Width);
            if (claimed == window.Length || (claimed < window.Length && tail.EndOfFrameAt(claimed) > 0))
                return claimed;
        }

        return Search(position + Frame.Overhead(window.Width), window, tail);
    }

    private static long Search(long position, LogWindow window, TailScanner tail)
    {
        int width = window.Width;
        while (position < window.Length)
        {
            ReadOnlySpan<byte> bytes = window.At(position - width, width);
            for (int i = width; i <= bytes.Length && position < window.Length; i++, position++)
            {
                if (bytes[i - 1] != (byte)position || Frame.ReadEnd(bytes[(i - width)..], width) != position)
                    continue;
                if (tail.EndOfFrameAt(position) > 0)
                    return position;
                bytes = window.At(position - width, width);
                i = width;
            }
        }

        return window.Length;
    }
}
