using System.Text;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.TestKit;
using Xunit;

namespace Flume.Query.Tests.MapFilterReduce;

/// <summary>
/// Random queries over random records, with the real modules, a naive evaluator, and Flume.
/// </summary>
public class RandomQueryTests
{
    private const int FixtureCases = 500;
    private const string Unreadable = "error could not process";

    private readonly Dice _dice = new();

    [PeerFact]
    public void Random_queries_give_what_the_real_module_gives() => CompareAll(Questions(5000));

    [PeerFact]
    public void Random_queries_over_odd_records_give_what_the_real_module_gives() => CompareAll(Questions(5000, odd: true));

    private void CompareAll(List<JsObject> questions)
    {
        JsValue[] answers = Peers.Ask(questions);
        if (Environment.GetEnvironmentVariable("FLUME_WRITE_FIXTURES") == "1") WriteFixture(questions, answers);
        int compared = 0;
        for (int i = 0; i < answers.Length; i++)
            if (Compare(JsValue.From(questions[i]), answers[i])) compared++;
        Assert.True(compared > answers.Length * 0.7, $"only {compared} could be compared; {_dice.Replay}");
    }

    [Fact]
    public void Kept_queries_give_what_the_real_module_gave()
    {
        JsValue[] kept = Peers.Fixture("random.jsonl");
        int compared = kept.Count(line => Compare(line, line));
        Assert.True(compared > 300, $"only {compared} of {kept.Length} could be compared");
    }

    [Fact]
    public void Random_queries_give_what_a_naive_evaluator_gives()
    {
        foreach (JsObject question in Questions(5000))
        {
            JsValue asked = JsValue.From(question);
            string naive = Outcome(() => new NaiveQuery().Run(asked["query"].AsArray, asked["input"].AsArray));
            Assert.True(naive == Ours(asked), $"{asked.ToJson()}\nnaive {naive}\nours {Ours(asked)}\n{_dice.Replay}");
        }
    }

    private List<JsObject> Questions(int count, bool odd = false)
    {
        var random = new RandomQueries(_dice, odd);
        var questions = new List<JsObject>();
        for (int i = 0; i < count; i++)
        {
            JsObject question = new JsObject().Set("op", JsValue.From("run"))
                .Set("query", JsValue.From(random.Query())).Set("input", JsValue.From(random.Input()));
            questions.Add(question);
        }

        return questions;
    }

    /// <summary>False if JavaScript throws for a missing value, which Flume reads as undefined.</summary>
    private bool Compare(JsValue question, JsValue answer)
    {
        JsValue error = answer["error"];
        if (error.IsString && IsStumble(error.AsString)) return false;
        string expected = error.IsString ? "error " + error.AsString : answer["output"].ToJson();
        string ours = Ours(question);

        // Flume compiles the whole query first; JavaScript reports the error that runs first.
        if (error.IsString && ours.StartsWith(Unreadable, StringComparison.Ordinal)) return true;
        Assert.True(expected == ours, $"{question.ToJson()}\nnode {expected}\nours {ours}\n{_dice.Replay}");
        return true;
    }

    /// <summary>From text, so that records are lazy, like those of a log.</summary>
    private static string Ours(JsValue question) => Outcome(() =>
    {
        JsArray input = JsValue.Parse(question["input"].ToJson()).AsArray;
        return QueryPipeline.Compile(question["query"]).Run(input);
    });

    private static string Outcome(Func<IEnumerable<JsValue>> run)
    {
        try
        {
            return JsValue.From(new JsArray(run())).ToJson();
        }
        catch (QueryException e)
        {
            return "error " + e.Message;
        }
    }

    private static bool IsStumble(string error) =>
        error.StartsWith("Cannot read properties", StringComparison.Ordinal) ||
        error.StartsWith("Cannot use 'in' operator", StringComparison.Ordinal);

    private static void WriteFixture(List<JsObject> questions, JsValue[] answers)
    {
        var lines = new StringBuilder();
        for (int i = 0; i < FixtureCases; i++)
        {
            JsObject line = questions[i].Copy();
            line.Remove("op");
            foreach ((string name, JsValue value) in answers[i].AsObject) line.Set(name, value);
            lines.Append(JsValue.From(line).ToJson()).Append('\n');
        }

        File.WriteAllText(Peers.FixturePath("random.jsonl"), lines.ToString());
    }
}
