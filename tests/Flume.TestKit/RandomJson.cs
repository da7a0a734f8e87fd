using System.Text;

namespace Flume.TestKit;

/// <summary>Random JSON texts with cases that JSON parsers and writers treat differently.</summary>
internal sealed class RandomJson(Dice dice)
{
    private static readonly string[] Names =
    [
        "a", "b", "type", "1", "10", "2", "01", "4294967294", "4294967295", "-1", "é", "\\u0061", "", "__proto__",
        "x\\ny",
    ];

    private static readonly string[] Scalars =
    [
        "true", "false", "null", "0", "-0", "1.0", "1e21", "1e-7", "123456789012345680000", "0.1", "5e-324", "1e999",
        "-1.5E+3", "1E400", "9007199254740993", "0.000001", "1.7976931348623157e308", "100", "4.35", "1e20",
    ];

    private static readonly string[] Pieces =
    [
        "a", "word ", "é", "\u2028", "😀", "\\ud83d\\ude00", "\\ud800", "\\udc00", "\\n", "\\\\", "\\\"", "\\/",
        "\\u0000", "\\u001F", "\u007f", "\\b\\f\\r\\t",
        "@+uhEFD56JVywEx8xlzL0apAL27y0kDXZH3aP86pDArQ=.ed25519", "}", "{", "[", "]",
        ":", ",",
    ];

    public string Value(int depth)
    {
        int kind = dice.Next(depth <= 0 ? 2 : 4);
        return kind switch
        {
            0 => Scalars[dice.Next(Scalars.Length)],
            1 => String(),
            2 => Many('[', ']', () => Value(depth - 1)),
            _ => Many('{', '}', () => $"{Space()}\"{Name()}\"{Space()}:{Space()}{Value(depth - 1)}"),
        };
    }

    public string String()
    {
        var text = new StringBuilder("\"");
        int pieces = dice.OneIn(10) ? dice.Next(60) : dice.Next(5);
        for (int i = 0; i < pieces; i++) text.Append(Pieces[dice.Next(Pieces.Length)]);
        return text.Append('"').ToString();
    }

    private string Name() => dice.OneIn(3) ? $"n{dice.Next(40)}" : Names[dice.Next(Names.Length)];

    private string Space() => dice.OneIn(8) ? " \t"[..dice.Next(3)] : "";

    private string Many(char open, char close, Func<string> item)
    {
        int count = dice.OneIn(12) ? dice.Next(60) : dice.Next(5);
        return open + string.Join(Space() + ",", Enumerable.Range(0, count).Select(_ => item())) + Space() + close;
    }
}
