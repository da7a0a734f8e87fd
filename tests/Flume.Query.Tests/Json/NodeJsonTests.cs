using System.Text;
using Flume.Query.Json;
using Flume.TestKit;
using Xunit;

namespace Flume.Query.Tests.Json;

/// <summary>Parses and writes the same texts with node and with Flume.</summary>
public class NodeJsonTests
{
    private readonly Dice _dice = new();

    [NodeFact]
    public void Random_JSON_is_written_as_node_writes_it()
    {
        var random = new RandomJson(_dice);
        string[] texts = [.. Enumerable.Range(0, 3000).Select(_ => random.Value(3))];
        string[] compact = Node.Lines("return JSON.stringify(JSON.parse(line))", texts);
        string[] indented = Node.Lines("return JSON.stringify(JSON.stringify(JSON.parse(line), null, 2))", texts);
        for (int i = 0; i < texts.Length; i++)
        {
            JsValue value = JsValue.ParseWhole(Encoding.UTF8.GetBytes(texts[i]));
            Same(compact[i], value.ToJson());
            Same(JsValue.Parse(indented[i]).AsString, JsWriter.ToJson(value, 2));
        }
    }

    [NodeFact]
    public void Random_damage_is_refused_exactly_where_node_refuses()
    {
        var random = new RandomJson(_dice);
        string[] texts = [.. Enumerable.Range(0, 5000).Select(_ => Damage(random.Value(2)))];
        string[] node = Node.Lines(
            "try { return JSON.stringify(JSON.parse(line)) } catch (e) { return 'refused' }", texts);
        for (int i = 0; i < texts.Length; i++)
            Same(node[i], Ours(texts[i]), texts[i]);
    }

    [NodeFact]
    public void Random_doubles_read_as_node_writes_them() =>
        CompareNumbers(Enumerable.Range(0, 20_000).Select(_ => Number()));

    [NodeFact]
    public void Every_power_of_two_reads_as_node_writes_it() =>
        CompareNumbers(Enumerable.Range(0, 2047).Select(e => BitConverter.Int64BitsToDouble((long)e << 52)));

    private void CompareNumbers(IEnumerable<double> random)
    {
        double[] numbers = [.. random.Where(double.IsFinite)];
        string[] node = Node.Lines(
            "return String(new Float64Array(new BigInt64Array([BigInt(line)]).buffer)[0])",
            numbers.Select(n => BitConverter.DoubleToInt64Bits(n).ToString()));
        for (int i = 0; i < numbers.Length; i++)
        {
            Same(node[i], JsNumber.Format(numbers[i]));
            Assert.Equal(numbers[i] + 0.0, JsNumber.Parse(Encoding.ASCII.GetBytes(node[i])));
        }
    }

    private void Same(string node, string ours, string text = "")
    {
        int at = node.AsSpan().CommonPrefixLength(ours);
        string problem = $"differs at {at}: node …{Around(node, at)}…, we …{Around(ours, at)}… {Around(text, at)}";
        Assert.True(node == ours, $"{problem} {_dice.Replay}");
    }

    private static string Around(string text, int at) =>
        text.Length <= 160 ? text : text[Math.Min(Math.Max(0, at - 60), text.Length)..Math.Min(text.Length, at + 60)];

    private static string Ours(string text)
    {
        try
        {
            return JsValue.ParseWhole(Encoding.UTF8.GetBytes(text)).ToJson();
        }
        catch (JsSyntaxException)
        {
            return "refused";
        }
    }

    private string Damage(string text)
    {
        int at = _dice.Next(text.Length);
        return _dice.Next(4) switch
        {
            0 => text[..at],
            1 => text[at..],
            2 => text.Remove(at, 1),
            _ => text.Insert(at, "{}[]\",:0 \\e-t"[_dice.Next(13)].ToString()),
        };
    }

    private double Number() => _dice.Next(5) switch
    {
        0 => _dice.Next(int.MaxValue) / 1000.0,
        1 => Math.Pow(10, _dice.Next(60) - 30) * _dice.Next(1000),
        2 => Math.ScaleB(1, _dice.Next(2090) - 1070),
        3 => 1.6e12 + (_dice.Next(1000) / (_dice.Next(1000) + 999.0)),
        _ => BitConverter.Int64BitsToDouble(_dice.Bits()),
    };
}
