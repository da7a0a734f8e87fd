using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using Flume.Ssb.Views.Search;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Views.Search;

public sealed class WordPrefixesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("ab c")]
    [InlineData("Abc")]
    [InlineData("snake_case and __ ___ _A_")]
    [InlineData("@#[]^`{|}~\u007f/:0 9a9")]
    [InlineData("naïve Größe 你好you élan")]
    public void The_words_are_those_of_the_regular_expression(string text) => Assert.Equal(Expected(text), Walk(text));

    [Fact]
    public void The_words_of_random_texts_are_those_of_the_regular_expression() => TestSeed.Run(500, random =>
    {
        const string Letters = "abcXYZ019_ \n.-é{|~";
        var text = new StringBuilder();
        for (int length = random.Next(300); text.Length < length;)
            text.Append(Letters[random.Next(Letters.Length)], random.Next(10) == 0 ? random.Next(1, 150) : 1);
        Assert.Equal(Expected(text.ToString()), Walk(text.ToString()));
    });

    private static List<ulong> Walk(string text)
    {
        List<ulong> words = [];
        foreach (ulong word in new WordPrefixes(Encoding.UTF8.GetBytes(text))) words.Add(word);
        return words;
    }

    private static List<ulong> Expected(string text)
    {
        List<ulong> words = [];
        foreach (Match word in Regex.Matches(text, "[A-Za-z0-9_]{3,}"))
        {
            byte[] prefix = new byte[8];
            byte[] bytes = Encoding.ASCII.GetBytes(word.Value.ToLowerInvariant());
            bytes.AsSpan(0, Math.Min(8, bytes.Length)).CopyTo(prefix);
            words.Add(BinaryPrimitives.ReadUInt64BigEndian(prefix));
        }

        return words;
    }
}
