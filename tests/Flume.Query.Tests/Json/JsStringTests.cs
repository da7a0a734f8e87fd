using System.Text;
using System.Text.Unicode;
using Flume.Query.Json;
using Flume.TestKit;
using Xunit;

namespace Flume.Query.Tests.Json;

/// <summary>
/// The UTF-8 of a string equals that of its UTF-16 units, including escapes, lone surrogates and invalid bytes.
/// </summary>
public sealed class JsStringTests
{
    private static readonly string[] Pieces =
    [
        "a", "words and more words", "\\n", "\\t", "\\\\", "\\\"", "\\/", "\\u00e9", "\\u0041", "\\u2028", "\\uFFFD", "\\u0000",
        "\\ud83d", "\\uDE00", "\\ud83d\\ude00", "\\ude00\\ud83d", "\u00e9", "\u65e5\u672c", "\ud83d\ude00",
    ];

    private static readonly byte[][] Broken = [[0xFF], [0xC3], [0xE6, 0x97], [0xF0, 0x9F, 0x98], [0x80], [0xC0, 0x80]];

    [Fact]
    public void Utf8_is_that_of_the_units() => TestSeed.Run(1, random =>
    {
        for (int i = 0; i < 20_000; i++)
        {
            byte[] inside = Inside(random, broken: i % 3 == 0);
            byte[] found = new byte[3 * inside.Length];
            int length = JsString.ToUtf8(inside, found, Utf8.IsValid(inside) && i % 2 == 0);
            Assert.Equal(Expected(inside), found[..length]);
        }
    });

    [Theory]
    [InlineData("\\x")]
    [InlineData("ok \\")]
    [InlineData("\\u12")]
    [InlineData("\\u12G4")]
    [InlineData("\\u 123")]
    [InlineData("\\ud83d\\q")]
    public void Unknown_escapes_are_refused(string inside)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(inside);
        Assert.Equal(-1, JsString.ToUtf8(bytes, new byte[3 * bytes.Length]));
        Assert.False(JsString.AreEscapesValid(bytes));
        Assert.Throws<JsSyntaxException>(() => JsString.Decode(bytes, escaped: true, 0));
    }

    private static byte[] Inside(Random random, bool broken)
    {
        var bytes = new List<byte>();
        for (int pieces = random.Next(8); pieces > 0; pieces--)
        {
            bytes.AddRange(broken && random.Next(4) == 0
                ? Broken[random.Next(Broken.Length)] : Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
        }

        return [.. bytes];
    }

    private static byte[] Expected(byte[] inside)
    {
        char[] units = new char[inside.Length];
        int count = JsString.Unescape(inside, units);
        byte[] utf8 = new byte[3 * inside.Length];
        Utf8.FromUtf16(units.AsSpan(0, count), utf8, out _, out int length);
        return utf8[..length];
    }
}
