namespace Flume.Tools.Generate.Planning;

/// <summary>The readers of a private conversation, computed from its first message and never stored.</summary>
internal static class Conversation
{
    /// <summary>
    /// The distribution of the reader count, in tenths: most conversations have two or three readers.
    /// </summary>
    private static ReadOnlySpan<byte> Sizes => [1, 2, 2, 2, 3, 3, 4, 5, 6, 7];

    /// <summary>
    /// Fills <paramref name="readers"/> with distinct authors, the starter first, and returns how many.
    /// </summary>
    public static int Readers(in GenerateOptions options, int index, int starter, Span<int> readers)
    {
        var random = new RandomStream(options.Seed, StreamOf.Conversation, index);
        int wanted = Math.Min(Sizes[random.Below(Sizes.Length)], options.Authors);
        readers[0] = starter;
        int count = 1;
        for (int tries = 0; count < wanted && tries < 50; tries++)
        {
            int author = random.Popular(options.Authors);
            if (!readers[..count].Contains(author)) readers[count++] = author;
        }
        return count;
    }
}
