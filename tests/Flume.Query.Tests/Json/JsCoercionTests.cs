using System.Text;
using Flume.Query.Json;
using Flume.TestKit;
using Xunit;

namespace Flume.Query.Tests.Json;

/// <summary>JavaScript's conversions, compared with node.</summary>
public class JsCoercionTests
{
    private readonly Dice _dice = new();

    [NodeFact]
    public void Random_values_become_the_texts_and_numbers_that_node_makes_of_them()
    {
        var random = new RandomJson(_dice);
        string[] texts = [.. Enumerable.Range(0, 3000).Select(_ => random.Value(2)), .. Numerals()];
        string[] node = Node.Lines(
            "const v = JSON.parse(line); let t, n; try { t = '' + v; n = String(+v) } catch (e) { t = n = 'no' };"
            + "return JSON.stringify([t, n])",
            texts);
        for (int i = 0; i < texts.Length; i++)
        {
            JsValue value = JsValue.Parse(texts[i]), expected = JsValue.Parse(node[i]);
            string where = $"{texts[i]}; {_dice.Replay}";
            Assert.True(expected[0].AsString == JsCoercion.ToText(value), where);
            Assert.True(expected[1].AsString == JsNumber.Format(JsCoercion.ToNumber(value)), where);
        }
    }

    private static IEnumerable<string> Numerals() => new[]
    {
        "", " ", "1", " 12 ", "-1", "+1.5e3", ".5", "5.", ".", "e5", "1e", "0x1F", "-0x1", "0b101", "0o17", "0b2",
        "0x", "Infinity",
        "-Infinity", "infinity", "NaN", "1_000", "1,000", "\u00a07\ufeff", "1e400", "--1", "+-1",
        "0x1fffffffffffff1", "1 2",
        "\u0660", "-", "+", "1e+", "00012", "-0",
    }.Select(text => JsValue.From(text).ToJson());
}
