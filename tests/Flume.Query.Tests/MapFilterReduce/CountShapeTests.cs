using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Views.Query;
using Xunit;

namespace Flume.Query.Tests.MapFilterReduce;

/// <summary>The queries that an index answers by counting.</summary>
public class CountShapeTests
{
    [Theory]
    [InlineData("""[{"$filter":{"v":{"c":{"type":"post"}}}},{"$reduce":{"$count":true}}]""", "v.c.type=[\"post\"]")]
    [InlineData("""[null,{"$filter":{"v":{"c":{"t":"post"}}}},{"$reduce":{"$count":"key"}}]""", "v.c.t=[\"post\"]")]
    [InlineData("""[{"$filter":{"a":{"$in":[2,1]},"b":{"$eq":3}}},{"$reduce":{"$count":true}}]""", "a=[1,2] b=[3]")]
    [InlineData("""[{"$reduce":{"$count":true}}]""", "")]
    [InlineData("""[{"$filter":{"a":{"$gt":1}}},{"$reduce":{"$count":true}}]""", null)]
    [InlineData("""[{"$filter":{"a":1,"b":{"$ne":1}}},{"$reduce":{"$count":true}}]""", null)]
    [InlineData("""[{"$filter":{"a":{"$not":true}}},{"$reduce":{"$count":true}}]""", null)]
    [InlineData("""[{"$filter":{"a":1}},{"$map":"b"},{"$reduce":{"$count":true}}]""", null)]
    [InlineData("""[{"$filter":{"a":1}},{"$reduce":{"$sum":"b"}}]""", null)]
    [InlineData("""[{"$filter":{"a":1}},{"$reduce":{"n":{"$count":true}}}]""", null)]
    [InlineData("""[{"$filter":{"a":1}}]""", null)]
    public void A_count_by_exact_fields_is_recognised_and_nothing_else(string query, string? fields)
    {
        CountShape? shape = CountShape.Of(JsValue.Parse(query).AsArray);
        Assert.Equal(fields, shape is null ? null : string.Join(' ', shape.Exact
            .Select(field => $"{field.Key}={JsValue.From(new JsArray(field.Value)).ToJson()}")));
    }

    [Fact]
    public void The_first_fields_of_an_index_have_to_be_the_fields_asked_for()
    {
        CountShape shape = CountShape.Of(JsValue.Parse("""
            [{"$filter":{"value":{"author":"@a","content":{"type":"post"}}}},{"$reduce":{"$count":true}}]
            """).AsArray)!;
        Assert.Equal(["aty", "ata"], SsbIndexes.Query.Where(shape.IsCoveredBy).Select(index => index.Key));
    }
}
