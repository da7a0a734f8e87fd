using System.Text;

namespace Flume.Torture.Hostile;

/// <summary>JSON that no well-behaved client sends.</summary>
internal sealed class RandomJson(Random random)
{
    private const int DepthMax = 4, DeepNesting = 100_000;
    private static readonly string[] Names =
    [
        "limit", "reverse", "live", "gt", "lt", "query", "id", "dest", "$prefix", "$in", "author", "type", "content",
        "key", "value",
        "keys", "seq", "old", "", "__proto__", "$filter", "$map", "$reduce", "$sort", "start", "end", "size", "max",
        "previous",
    ];
    private static readonly string[] Leaves =
    [
        "null", "true", "1", "-1", "1e308", "-0", "\"\"", "\"x\"", "\"%AAAA.sha256\"", "\"@AAAA.ed25519\"", "1.5",
        "9007199254740993",
    ];
    private static readonly string[] Broken =
    [
        "1e400", "-1e400", "00", "0x1", "NaN", "Infinity", "\"\\ud800\"", "\"\\udc00\\ud800\"", "{\"a\":1,\"a\":2}",
        "{}{}", "{} {}", "\0",
        "\n\n\n", "[1,]", "{,}", "'a'", "{a:1}", "//x\n1", "{\"\\ud800\":1}", "tru", "\"\t\"", "\"\u001f\"",
        "\ufeff{}", "",
    ];
    private static readonly byte[][] BadUtf8 =
        [[0x22, 0xff, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xc0, 0x80, 0x22]];

    /// <summary>Valid JSON of random shape.</summary>
    public string Value(int depth = 0)
    {
        int kind = random.Next(depth < DepthMax ? 4 : 2);
        if (kind < 2) return Leaves[random.Next(Leaves.Length)];
        IEnumerable<int> parts = Enumerable.Range(0, random.Next(5));
        if (kind == 2) return $"[{string.Join(',', parts.Select(_ => Value(depth + 1)))}]";
        IEnumerable<string> fields = parts.Select(_ => $"\"{Names[random.Next(Names.Length)]}\":{Value(depth + 1)}");
        return $"{{{string.Join(',', fields)}}}";
    }

    /// <summary>Broken, deep, huge or badly encoded text.</summary>
    public byte[] Odd() => random.Next(8) switch
    {
        0 => BadUtf8[random.Next(BadUtf8.Length)],
        1 => Text(new string('[', DeepNesting) + new string(']', random.Next(2) * DeepNesting)),
        2 => Text(string.Concat(Enumerable.Repeat("{\"a\":", 20_000)) + "1" + new string('}', 20_000)),
        3 => Text(new string('9', random.Next(400_000))),
        4 => Text($"\"{new string('a', random.Next(3_000_000))}\""),
        5 => Text(Value()),
        _ => Text(Broken[random.Next(Broken.Length)]),
    };

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
