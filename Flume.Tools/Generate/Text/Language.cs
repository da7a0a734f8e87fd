using System.Text;

namespace Flume.Tools.Generate.Text;

/// <summary>A vocabulary: words made of the syllables of one language, the frequent ones first.</summary>
/// <remarks>
/// The words have no meaning. Their letters, lengths and frequencies are those of the language, because search words,
/// UTF-8 lengths and UTF-16 units depend on them.
/// </remarks>
internal sealed class Language
{
    private const int WordsMax = 4000;
    private readonly byte[] _letters;
    private readonly int[] _starts;

    /// <summary>Creates the vocabulary of <paramref name="number"/>; one number always gives the same words.</summary>
    /// <param name="number">The language's index in <see cref="Languages"/>.</param>
    /// <param name="spaced">Whether spaces separate its words.</param>
    /// <param name="frequent">Its most frequent words, most frequent first, separated by spaces.</param>
    /// <param name="syllables">The syllables of its other words, separated by spaces.</param>
    public Language(int number, bool spaced, string frequent, string syllables)
    {
        Spaced = spaced;
        var random = new RandomStream(0, StreamOf.Language, number);
        string[] parts = syllables.Split(' ');
        var letters = new StringBuilder();
        var starts = new List<int> { 0 };
        int bytes = 0;
        void Add(string word)
        {
            letters.Append(word);
            starts.Add(bytes += Encoding.UTF8.GetByteCount(word));
        }
        foreach (string word in frequent.Split(' ')) Add(word);
        while (starts.Count <= WordsMax) Add(Invent(ref random, parts, spaced));
        _letters = Encoding.UTF8.GetBytes(letters.ToString());
        _starts = starts.ToArray();
    }

    /// <summary>Whether spaces separate the words.</summary>
    public bool Spaced { get; }

    /// <summary>The number of words.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>A word as UTF-8; rank 0 is the most frequent. A word needs no escapes.</summary>
    public ReadOnlySpan<byte> Word(int rank) => _letters.AsSpan(_starts[rank], _starts[rank + 1] - _starts[rank]);

    private static string Invent(ref RandomStream random, string[] parts, bool spaced)
    {
        int count = 1 + random.VeryPopular(spaced ? 5 : 3);
        string word = parts[random.Popular(parts.Length)];
        for (int i = 1; i <= count; i++) word += parts[random.Below(parts.Length)];
        return word;
    }
}
