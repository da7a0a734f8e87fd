using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.TestKit;
using Xunit;

namespace Flume.Query.Tests.MapFilterReduce;

/// <summary>The two orders of values: charwise of the indexes, typewise of $sort and groups.</summary>
public class OrderTests
{
    private readonly Dice _dice = new();

    [Fact]
    public void Charwise_order_is_that_of_the_specification()
    {
        string[] ascending =
        [
            "null", "false", "true", "-1e300", "-2", "-1", "-0.5", "-0.25", "0", "1e-9", "1", "1.5", "2", "10", "1e300",
            "\"\"", "\"a\"", "\"aa\"", "\"b\"", "\"é\"", "\"\\uffee\"", "\"\\ud83d\\ude00\"",
            "[]", "[null]", "[1]", "[1,2]", "[2]", "[\"a\"]",
        ];
        JsValue[] values = [.. ascending.Select(json => JsValue.Parse(json)), JsValue.Undefined];
        for (int i = 0; i < values.Length; i++)
            for (int j = 0; j < values.Length; j++)
                Assert.Equal(Math.Sign(i.CompareTo(j)), Charwise(values[i], values[j]));
    }

    [Fact]
    public void Charwise_order_is_the_same_for_made_and_parsed_texts()
    {
        var random = new RandomQueries(_dice);
        for (int i = 0; i < 5000; i++)
        {
            JsValue a = random.Value(1), b = random.Value(1);
            if (!a.IsString || !b.IsString) continue;
            int parsed = Charwise(JsValue.Parse(a.ToJson()), JsValue.Parse(b.ToJson()));
            Assert.Equal(parsed, Charwise(JsValue.From(a.AsString), JsValue.From(b.AsString)));
        }
    }

    [PeerFact]
    public void Random_scalars_order_as_charwise_writes_them() => Compare("charwise", depth: 0, (a, b) =>
        Charwise(a, b).ToString());

    [PeerFact]
    public void Random_values_order_as_typewise_has_them_or_throw_with_it() => Compare("typewise", depth: 2, (a, b) =>
    {
        try
        {
            return Math.Sign(Typewise.Compare(a, b)).ToString();
        }
        catch (QueryException e)
        {
            return e.Message;
        }
    });

    [Fact]
    public void Sorting_is_stable_and_lets_what_it_compares_with_throw()
    {
        for (int length = 0; length < 40; length++)
        {
            List<(int Key, int Place)> items = [.. Enumerable.Range(0, length).Select(i => (_dice.Next(5), i))];
            List<(int Key, int Place)> sorted = [.. items.OrderBy(item => item.Key)];
            StableSort.Sort(items, (a, b) => a.Key.CompareTo(b.Key));
            Assert.Equal(sorted, items);
        }

        Assert.Throws<QueryException>(() => StableSort.Sort([1, 2], (_, _) => throw new QueryException("as thrown")));
    }

    private static int Charwise(JsValue a, JsValue b) => Math.Sign(CharwiseComparer.Instance.Compare(a, b));

    private void Compare(string order, int depth, Func<JsValue, JsValue, string> compare)
    {
        var random = new RandomQueries(_dice);
        List<JsObject> questions = [];
        for (int i = 0; i < 2000; i++)
        {
            JsValue a = random.Value(depth), b = random.Value(depth);
            questions.Add(new JsObject().Set("op", JsValue.From(order)).Set("a", a).Set("b", b));
        }

        JsValue[] answers = Peers.Ask(questions);
        for (int i = 0; i < answers.Length; i++)
        {
            JsValue asked = JsValue.From(questions[i]), error = answers[i]["error"];
            string expected = error.IsString ? error.AsString : answers[i]["output"].ToJson();
            string ours = compare(asked["a"], asked["b"]);
            Assert.True(expected == ours, $"{asked.ToJson()}: node {expected}, ours {ours}; {_dice.Replay}");
        }
    }
}
