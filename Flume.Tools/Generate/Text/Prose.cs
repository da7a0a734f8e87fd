using System.Text;

namespace Flume.Tools.Generate.Text;

/// <summary>
/// Generates random text: sentences and paragraphs of a language, with some quotes, links and emoji.
/// </summary>
internal static class Prose
{
    // Some emoji are one code point, some are several.
    private static readonly byte[][] Emoji = Array.ConvertAll(
        ["😀", "❤️", "🦀", "🐚", "🌊", "🚢", "👍🏽", "🎉", "👩‍💻", "🏴‍☠️", "☀️", "🤔", "🇳🇿", "💾", "🍄", "🧶", "🫠", "⛵"],
        Encoding.UTF8.GetBytes);

    private static readonly byte[][] Asides = Array.ConvertAll(
    [
        "`npm install -g \\\"ssb-server\\\"` ", "> quoted, see <below> & above\\n\\n", "C:\\\\temp\\\\flume ",
        "a\\tb\\tc ", "naïve café ",
        "https://example.org/path?q=1&r=%20#top ", "*emphasis* and **strong** ", "/\\\\_/\\\\ ", "1/2 = 0.5 ",
        "\\n- one\\n- two\\n- three\\n\\n", "```js\\nconst x = {\\\"a\\\": [1, 2]}\\n```\\n", "\u2028line ",
    ], Encoding.UTF8.GetBytes);

    /// <summary>One to <paramref name="wordsMax"/> words without punctuation: a name, a title, a tag.</summary>
    public static void Words(JsonBuffer json, ref RandomStream random, Language language, int wordsMax)
    {
        int count = 1 + random.Popular(wordsMax);
        for (int i = 0; i < count; i++)
        {
            if (i > 0 && language.Spaced) json.Raw(" "u8);
            json.Raw(language.Word(random.Below(language.Count)));
        }
    }

    /// <summary>About <paramref name="bytes"/> bytes of sentences, escaped for JSON; at least one word.</summary>
    public static void Sentences(JsonBuffer json, ref RandomStream random, Language language, int bytes)
    {
        int end = json.Length + bytes;
        while (true)
        {
            Sentence(json, ref random, language, end);
            if (json.Length >= end) return;
            int draw = random.Below(100);
            if (draw < 12) json.Raw("\\n\\n"u8);
            else if (draw < 16) json.Raw("\\n"u8);
            else if (draw < 19) json.Raw(Asides[random.Below(Asides.Length)]);
            else if (draw < 24) json.Raw(" "u8).Raw(Emoji[random.Popular(Emoji.Length)]).Raw(" "u8);
            else json.Raw(" "u8);
        }
    }

    private static void Sentence(JsonBuffer json, ref RandomStream random, Language language, int end)
    {
        int words = 3 + random.Popular(18);
        int start = json.Length;
        for (int i = 0; i < words; i++)
        {
            if (i > 0) Separator(json, ref random, language);
            json.Raw(language.Word(random.VeryPopular(language.Count)));
            if (json.Length >= end) break;
        }
        json.Capitalise(start);
        if (language.Spaced) json.Raw(random.Below(16) switch { 0 => "!"u8, 1 => "?"u8, 2 => "..."u8, _ => "."u8 });
        else json.Raw("。"u8);
    }

    private static void Separator(JsonBuffer json, ref RandomStream random, Language language)
    {
        int draw = random.Below(256);
        if (draw < 14) json.Raw(language.Spaced ? ", "u8 : "、"u8);
        else if (draw < 16) json.Raw(" \\\""u8).Raw(language.Word(random.Below(language.Count))).Raw("\\\" "u8);
        else if (language.Spaced) json.Raw(" "u8);
    }
}
