using System.Text;

namespace Flume.Sql.Tests;

/// <summary>Random records of every shape that the view meets: few ids, so that they meet each other.</summary>
internal static class OddLogs
{
    public static List<string> Make(Random random, int count)
    {
        List<string> records = [];
        for (int i = 0; i < count; i++) records.Add(Record(random, i));
        return records;
    }

    public static string Key(int number) => $"%{Base64('k', number)}.sha256";

    public static string Feed(int number) => $"@{Base64('f', number)}.ed25519";

    public static string Blob(int number) => $"&{Base64('b', number)}.sha256";

    private static string Base64(char kind, int number)
    {
        byte[] bytes = new byte[32];
        bytes[0] = (byte)kind;
        BitConverter.TryWriteBytes(bytes.AsSpan(4), number);
        return Convert.ToBase64String(bytes);
    }

    private static string Record(Random random, int number)
    {
        switch (random.Next(40))
        {
            case 0: return "no json at all";
            case 1: return $$"""{"any":"record","n":{{number}}}""";
            case 2: return "[1,2,3]";
            case 3: return """{"key":"%x","value":"no object"}""";
        }

        string key = random.Next(30) == 0 && number > 0 ? Key(random.Next(number)) : Key(number);
        string author = random.Next(30) == 0 ? "5" : $"\"{Feed(random.Next(6))}\"";
        string sequence = random.Next(20) == 0 ? "1.5" : $"{number}";
        return $$$"""
            {"key":"{{{key}}}","value":{"previous":null,"author":{{{author}}},"sequence":{{{sequence}}},"timestamp":{{{1500000000000 + number}}}.25,"content":{{{Content(random, number)}}}},"timestamp":{{{1500000001000 + number}}}}
            """;
    }

    private static string Content(Random random, int number) => random.Next(16) switch
    {
        0 => "\"c2VhbGVk.box\"",
        1 => "\"just text\"",
        2 => Pick(random, "null", "17", "true", "[]", "[{\"link\":\"" + Key(1) + "\"}]", "{}"),
        3 or 4 or 5 => Vote(random, number),
        6 or 7 => Contact(random),
        8 or 9 => About(random, number),
        _ => Post(random, number),
    };

    private static string Vote(Random random, int number)
    {
        string value = Pick(random, "1", "1", "1.0", "1e0", "0", "-1", "2", "\"1\"", "true", "null");
        string vote = random.Next(12) == 0
            ? Pick(random, "1", "null", "[]", "{}", "{\"value\":1}", "{\"link\":\"x\"}")
            : $$"""{"link":"{{Key(random.Next(Math.Max(1, Math.Min(number, 12))))}}","value":{{value}},"expression":"Like"}""";
        string more = random.Next(8) == 0 ? $",\"branch\":\"{Key(3)}\",\"other\":{{\"link\":\"{Key(4)}\"}}" : "";
        return $$"""{"type":"vote","vote":{{vote}}{{more}}}""";
    }

    private static string Contact(Random random)
    {
        string contact = Pick(random, $"\"{Feed(random.Next(8))}\"", $"\"{Feed(random.Next(8))}\"", "\"odd\"", "7");
        string following = Pick(random, "", ",\"following\":true", ",\"following\":false", ",\"following\":1");
        string blocking = Pick(random, "", "", ",\"blocking\":true", ",\"blocking\":\"yes\"");
        return $$"""{"type":"contact","contact":{{contact}}{{following}}{{blocking}}}""";
    }

    private static string About(Random random, int number)
    {
        string about = Pick(random, Feed(random.Next(8)), Key(random.Next(number + 5)), Blob(1), "", "odd");
        return $$"""{"type":"about","about":"{{about}}","image":{"link":"{{Blob(random.Next(9))}}"},"name":"n{{number}}"}""";
    }

    private static string Post(Random random, int number)
    {
        var text = new StringBuilder("{");
        text.Append(Pick(random, "\"type\":\"post\"", "\"type\":\"post\"", "\"type\":3", "\"typ\":\"none\"", "\"type\":\"bl\\u006fg\""));
        text.Append($",\"text\":\"{Pick(random, "hello w1", "w2 \\ud800 lone", "h\\u0065llo", "{\\\"json\\\":1}", "")}\"");
        if (random.Next(3) == 0) text.Append($",\"root\":{Pick(random, $"\"{Key(random.Next(number + 3))}\"", "\"\"", "null", "[\"x\"]")}");
        if (random.Next(6) == 0) text.Append($",\"fork\":\"{Key(random.Next(number + 3))}\"");
        if (random.Next(3) == 0) text.Append($",\"branch\":{Branch(random, number)}");
        if (random.Next(2) == 0) text.Append($",\"mentions\":{Mentions(random, number, 3)}");
        if (random.Next(15) == 0) text.Append($",\"mentions\":[{{\"link\":\"{Feed(2)}\"}}],\"root\":\"{Key(2)}\"");
        if (random.Next(15) == 0) text.Append($",\"contact\":\"{Feed(3)}\",\"following\":true,\"about\":\"{Key(1)}\"");
        return text.Append('}').ToString();
    }

    private static string Branch(Random random, int number) => random.Next(5) switch
    {
        0 => "17",
        1 => $"[\"{Key(random.Next(number + 3))}\",5,null,\"{Key(1)}\",\"\"]",
        2 => "[]",
        _ => $"\"{Key(random.Next(number + 3))}\"",
    };

    private static string Mentions(Random random, int number, int depth)
    {
        if (depth == 0) return Pick(random, "1", "\"x\"", "[]", "{}");
        string link = Pick(random, Feed(random.Next(9)), Key(random.Next(number + 3)), Blob(random.Next(9)), "#tag", "", "\\u0025esc");
        return random.Next(5) switch
        {
            0 => $"{{\"link\":\"{link}\"}}",
            1 => $"{{\"l\\u0069nk\":\"{link}\",\"deep\":{Mentions(random, number, depth - 1)}}}",
            2 => $"{{\"link\":{Mentions(random, number, depth - 1)}}}",
            3 => $"{{\"link\":\"{Key(0)}\",\"link\":\"{link}\",\"a\":{{\"link\":\"{Feed(0)}\"}},\"a\":{Mentions(random, number, depth - 1)}}}",
            _ => $"[{{\"link\":\"{link}\",\"name\":\"x\"}},{Mentions(random, number, depth - 1)},{Mentions(random, number, depth - 1)}]",
        };
    }

    private static string Pick(Random random, params string[] of) => of[random.Next(of.Length)];
}
