using System.Text;

namespace Flume.TestKit;

/// <summary>Random records that are no messages: odd, nested and large JSON, and bytes that are no JSON at all.</summary>
internal sealed class PlainRecords(Dice dice)
{
    private static readonly string[] Odd =
    [
        "{}", "[]", "null", "true", "0", "-0", "1e999", "\"\"", "\"\\ud800\"", "{\"\":{}}", "{\"a\":1,\"a\":2}",
        "{\"key\":1,\"value\":2}", "{\"value\":{\"author\":[],\"content\":7}}", "{\"__proto__\":{\"x\":1}}",
        "{\"temperature\":21.5}", "{\"temperature\":\"hot\"}", "{\"id\":\"a\",\"amount\":3}", "{\"id\":\"\\ud800\",\"amount\":3}",
        "{\"id\":null,\"amount\":{}}",
    ];

    private static readonly byte[][] Broken =
    [
        "no JSON"u8.ToArray(), "{\"a\":"u8.ToArray(), "[1,]"u8.ToArray(), "{\"a\":1}}"u8.ToArray(), "nul"u8.ToArray(),
        [0xc3], [1, 2, 3], [0xff, 0x31],
    ];

    // Inside of strings bytes that are no UTF-8 are replaced, as JavaScript does: these are JSON.
    private static readonly byte[][] NotUtf8 =
    [
        [0x22, 0xff, 0xfe, 0x22], [0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d],
        [.. "{\"id\":\""u8, 0xff, .. "\",\"amount\":1}"u8],
    ];

    private readonly RandomJson _json = new(dice);

    /// <summary>One record, and whether it is JSON.</summary>
    public (byte[] Bytes, bool IsJson) Next() => dice.Next(10) switch
    {
        0 => (Broken[dice.Next(Broken.Length)], false),
        1 when dice.OneIn(3) => (NotUtf8[dice.Next(NotUtf8.Length)], true),
        1 => (Encoding.UTF8.GetBytes(Odd[dice.Next(Odd.Length)]), true),
        2 when dice.OneIn(4) => (Encoding.UTF8.GetBytes(Nested(1 + dice.Next(60))), true),
        3 when dice.OneIn(20) => (Encoding.UTF8.GetBytes($"{{\"id\":\"large\",\"text\":\"{new string('x', 100_000)}\"}}"), true),
        < 7 => (Encoding.UTF8.GetBytes(
            $"{{\"id\":\"{(char)('a' + dice.Next(6))}\",\"amount\":{dice.Next(100)},\"more\":{_json.Value(2)}}}"), true),
        _ => (Encoding.UTF8.GetBytes(_json.Value(3)), true),
    };

    private static string Nested(int depth) => new string('[', depth) + "{\"id\":\"deep\"}" + new string(']', depth);
}
