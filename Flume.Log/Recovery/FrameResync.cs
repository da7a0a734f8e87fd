namespace Flume.Log;

/// <summary>Finds the next whole record behind a damaged one.</summary>
internal static class FrameResync
{
    /// <summary>
    /// Where reading can go on after the damage at <paramref name="position"/>: a whole frame's start, or the end of
    /// the log.
    /// </summary>
    public static long After(long position, LogWindow window, TailScanner tail)
    {
        // Most damage leaves the length alone; believing it first also keeps a damaged payload from offering frames of
        // its own.
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
