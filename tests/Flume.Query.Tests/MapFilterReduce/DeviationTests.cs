using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Xunit;

namespace Flume.Query.Tests.MapFilterReduce;

/// <summary>
/// Every difference to JavaScript's query language that docs/compatibility.md lists, with both results.
/// </summary>
public class DeviationTests
{
    private const string Two = """[{"n":3},{"n":5}]""";
    private const string Texts = """[{"s":"b"},{"s":"a"},{"s":"b"}]""";
    private const string Arrays = """[{"a":[1],"s":"x"},{"a":[1],"s":"y"}]""";
    private const string Unsorted = """[{"ab":2},{"ab":1}]""";

    /// <summary>Number in the document, query, input, what JavaScript gives, what Flume gives.</summary>
    public static readonly string[][] All =
    [
        ["1", """[{"$reduce":{"$min":"n"}}]""", Two, "[0]", "[3]"],
        ["1", """[{"$reduce":{"$max":"n"}}]""", """[{"n":-3},{"n":-5}]""", "[0]", "[-3]"],
        ["2", """[{"$reduce":{"n":{"$count":true},"m":{"$max":"n"}}}]""", Two, "[2,5]", """[{"n":2,"m":5}]"""],
        ["2", """[{"$reduce":{}}]""", Two, "[]", "[{}]"],
        ["3", """[{"$reduce":{"a":"a","s":"s","n":{"$count":true}}}]""", Arrays,
            """[{"a":[1],"s":"y","n":2}]""", """[{"a":[1],"s":"x","n":1},{"a":[1],"s":"y","n":1}]"""],
        ["3", """[{"$reduce":{"k":["s",{"$mod":2}],"n":{"$count":true}}}]""", Texts,
            """[{"k":null,"n":1},{"k":null,"n":1},{"k":null,"n":1}]""", """[{"k":null,"n":3}]"""],
        ["4", """[{"$reduce":"s"}]""", Texts, "[null,null,null]", """["a","b"]"""],
        ["5", """[{"$map":{"first":["a",0]}}]""", """[{"a":["x"]},{}]""",
            "Cannot read properties of undefined (reading '0')", """[{"first":"x"},{}]"""],
        ["5", """[{"$filter":{"a":{"$get":"b"}}}]""", """[{"a":{"b":1}},{}]""",
            "Cannot read properties of undefined (reading 'b')", """[{"a":{"b":1}}]"""],
        ["6", """[{"$filter":{"a":{"$gt":1}}}]""", """[{"a":{"toString":1}},{"a":2}]""",
            "Cannot convert object to primitive value", """[{"a":2}]"""],
        ["7", """[{"$map":["constructor","name"]}]""", "[{}]", """["Object"]""", "[]"],
        ["8", """[{"$filter":{"a":1}}]""", """[{"a":2,"sync":"yes"}]""", """[{"a":2,"sync":"yes"}]""", "[]"],
        ["9", """[{"$sort":"ab"}]""", Unsorted, """[{"ab":2},{"ab":1}]""", """[{"ab":1},{"ab":2}]"""],
        ["9", """[{"$sort":{"$reverse":"ab"}}]""", """[{"ab":1},{"ab":2}]""", """[{"ab":1},{"ab":2}]""",
            """[{"ab":2},{"ab":1}]"""],
        ["10", """[{"$filter":{"a":{"$in":5}}}]""", "[]", "[]",
            """could not process:{"$in":5}: $in takes an array or a string."""],
        ["10", """[{"$map":{"x":{"$reduce":{"a":"a"}}}}]""", """[{"a":1}]""", "A.splice is not a function",
            """could not process:{"$reduce":{"a":"a"}}: """ +
            "a $reduce with groups or members is a stage, or stands inside a $reduce."],
    ];

    public static TheoryData<string, string, string> Ours()
    {
        var data = new TheoryData<string, string, string>();
        foreach (string[] deviation in All) data.Add(deviation[1], deviation[2], deviation[4]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Ours))]
    public void Flume_gives_what_is_meant(string query, string input, string expected) =>
        Assert.Equal(expected, Outcome(query, JsValue.Parse(input).AsArray));

    [PeerFact]
    public void JavaScript_does_what_the_document_says_it_does()
    {
        JsValue[] answers = Peers.Ask([.. All.Select(deviation => new JsObject().Set("op", JsValue.From("run"))
            .Set("query", JsValue.Parse(deviation[1])).Set("input", JsValue.Parse(deviation[2])))]);
        for (int i = 0; i < answers.Length; i++)
        {
            JsValue error = answers[i]["error"];
            Assert.Equal(All[i][3], error.IsString ? error.AsString : answers[i]["output"].ToJson());
        }
    }

    [Fact]
    public void Every_difference_is_in_the_document()
    {
        string[] document = File.ReadAllLines(Peers.Document("compatibility.md"));
        foreach (string number in All.Select(deviation => deviation[0]).Distinct())
            Assert.Contains(document, line => line.StartsWith($"| Q{number} |", StringComparison.Ordinal));
    }

    private static string Outcome(string query, JsArray input)
    {
        try
        {
            return JsValue.From(new JsArray(QueryPipeline.Compile(JsValue.Parse(query)).Run(input))).ToJson();
        }
        catch (QueryException e)
        {
            return e.Message;
        }
    }
}
