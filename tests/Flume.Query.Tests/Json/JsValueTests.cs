using System.Text;
using Flume.Query.Json;
using Xunit;

namespace Flume.Query.Tests.Json;

/// <summary>JavaScript's values: property access, equality, lazy parsing, and errors of invalid texts.</summary>
public class JsValueTests
{
    private static readonly JsValue Sample = JsValue.Parse(
        """
        {"key":"%x","value":{"author":"@a","sequence":5,"content":{"type":"post","list":[1,"two",null,{}]}},"t":1.5}
        """);

    [Fact]
    public void Members_read_as_in_JavaScript()
    {
        Assert.Equal("@a", Sample["value"]["author"].AsString);
        Assert.Equal(5, Sample["value"]["sequence"].AsNumber);
        Assert.Equal("two", Sample["value"]["content"]["list"][1].AsString);
        Assert.Equal("two", Sample["value"]["content"]["list"]["1"].AsString);
        Assert.Equal(4, Sample["value"]["content"]["list"]["length"].AsNumber);
        Assert.Equal("o", Sample["value"]["content"]["type"]["1"].AsString);
        Assert.Equal(4, Sample["value"]["content"]["type"]["length"].AsNumber);
        Assert.True(Sample["nothing"]["deeper"][3].IsUndefined);
        Assert.True(Sample["value"]["content"]["list"]["01"].IsUndefined);
        Assert.True(Sample["value"].AsObject.Get("author"u8).EqualsUtf8("@a"u8));
    }

    [Fact]
    public void A_value_of_another_kind_says_so()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Sample["key"].AsNumber);
        Assert.Contains("String, not Number", error.Message);
    }

    [Fact]
    public void Duplicate_names_keep_the_first_place_and_the_last_value() =>
        Assert.Equal("""{"a":3,"b":2}""", JsValue.Parse("""{"a":1,"b":2,"\u0061":3}""").ToJson());

    [Fact]
    public void Index_like_names_come_first_in_ascending_order() => Assert.Equal(
        """{"2":1,"10":1,"4294967294":1,"b":1,"4294967295":1,"01":1}""",
        JsValue.Parse("""{"b":1,"10":1,"4294967295":1,"4294967294":1,"01":1,"2":1}""").ToJson());

    [Fact]
    public void Objects_made_by_code_keep_insertion_order_and_drop_undefined()
    {
        var made = new JsObject().Set("z", JsValue.From(1)).Set("u", JsValue.Undefined).Set("1", JsValue.From("x"));
        made.Set("list", JsValue.From(new JsArray().Add(JsValue.Undefined).Add(JsValue.From(double.NaN))));
        Assert.Equal("""{"1":"x","z":1,"list":[null,null]}""", JsValue.From(made).ToJson());
        Assert.True(made.Remove("z"));
        Assert.False(made.Remove("z"));
        Assert.Equal("""{"1":"x","list":[null,null]}""", JsValue.From(made).ToJson());
    }

    [Fact]
    public void A_parsed_object_never_changes_but_its_copy_does()
    {
        JsObject parsed = JsValue.Parse("""{"a":1}""").AsObject;
        Assert.Throws<InvalidOperationException>(() => parsed.Set("b", JsValue.Null));
        JsObject copy = parsed.Copy().Set("b", JsValue.Null);
        Assert.Equal("""{"a":1,"b":null}""", JsValue.From(copy).ToJson());
        Assert.Equal("""{"a":1}""", JsValue.From(parsed).ToJson());
        Assert.False(JsValue.From(copy).TryGetRaw(out _));
    }

    [Fact]
    public void Raw_text_is_what_stood_there()
    {
        JsValue parsed = JsValue.Parse(""" {"a": [1.0 , "\u0041"]} """);
        Assert.Equal("[1.0 , \"\\u0041\"]", Raw(parsed["a"]));
        Assert.Equal("1.0", Raw(parsed["a"][0]));
        Assert.Equal("\"\\u0041\"", Raw(parsed["a"][1]));
        Assert.Equal("""{"a":[1,"A"]}""", parsed.ToJson());
    }

    [Fact]
    public void Strict_equality_is_JavaScripts()
    {
        JsValue list = JsValue.Parse("""["é","\u00e9","e",1,1.0,null,true,{}]""");
        Assert.True(JsValue.StrictEquals(list[0], list[1]));
        Assert.True(JsValue.StrictEquals(list[0], JsValue.From("é")));
        Assert.False(JsValue.StrictEquals(list[0], list[2]));
        Assert.True(JsValue.StrictEquals(list[3], list[4]));
        Assert.False(JsValue.StrictEquals(list[3], list[6]));
        Assert.True(JsValue.StrictEquals(list[7], list[7]));
        Assert.False(JsValue.StrictEquals(JsValue.Parse("{}"), JsValue.Parse("{}")));
        Assert.True(JsValue.StrictEquals(Sample["value"], Sample["value"]));
        Assert.Equal(Sample["value"].GetHashCode(), Sample["value"].GetHashCode());
        Assert.False(JsValue.StrictEquals(JsValue.From(double.NaN), JsValue.From(double.NaN)));
        Assert.True(JsValue.StrictEquals(JsValue.From(-0.0), JsValue.From(0.0)));
    }

    [Fact]
    public void Many_members_are_found_by_either_kind_of_name()
    {
        var text = new StringBuilder("{");
        for (int i = 0; i < 3000; i++) text.Append($"\"name é {i}\":{i},");
        JsObject parsed = JsValue.Parse(text.Append("\"last\":0}").ToString()).AsObject;
        Assert.Equal(3001, parsed.Count);
        Assert.Equal(2999, parsed["name é 2999"].AsNumber);
        Assert.Equal(1234, parsed.Get(Encoding.UTF8.GetBytes("name é 1234")).AsNumber);
        Assert.True(parsed.Get("nam"u8).IsUndefined);
    }

    [Fact]
    public void Invalid_UTF8_reads_as_replacement_characters() =>
        Assert.Equal("a\ufffdb", JsValue.Parse(new byte[] { 0x22, 0x61, 0xff, 0x62, 0x22 }).AsString);

    [Fact]
    public void Deep_nesting_costs_no_stack_and_too_deep_is_refused()
    {
        Assert.Equal(Nested(10_000), JsValue.ParseWhole(Encoding.UTF8.GetBytes(Nested(10_000))).ToJson());
        var error = Assert.Throws<JsSyntaxException>(() => JsValue.ParseWhole(Encoding.UTF8.GetBytes(Nested(10_001))));
        Assert.Contains("deeper than 10000", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1,]")]
    [InlineData("[1 2]")]
    [InlineData("[}")]
    [InlineData("[{]}")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData("-")]
    [InlineData("1e")]
    [InlineData("nul")]
    [InlineData("truex")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\\u 123\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"abc")]
    [InlineData("\"abc\\")]
    [InlineData("{}{}")]
    [InlineData("\ufeff{}")]
    [InlineData("{\"a\":{\"b\":[1}}")]
    public void What_is_not_JSON_is_refused(string text) =>
        Assert.Throws<JsSyntaxException>(() => JsValue.ParseWhole(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_wrong_byte_is_named_with_its_place()
    {
        var error = Assert.Throws<JsSyntaxException>(() => JsValue.ParseWhole("""{"a" 1}"""u8.ToArray()));
        Assert.Equal("Expected ':' behind a name, found '1' at byte 5 of the JSON text.", error.Message);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string Raw(JsValue value) =>
        value.TryGetRaw(out ReadOnlyMemory<byte> utf8) ? Encoding.UTF8.GetString(utf8.Span) : "(none)";

    [Theory]
    [InlineData("""{"key":"k","value":{"a":1}}""", """{"key":"k","value":{"a":1},"dest":"d","rts":5}""")]
    [InlineData("""{"key":"k","rts":1,"value":{}}""", """{"key":"k","rts":5,"value":{},"dest":"d"}""")]
    [InlineData("""{"2":1,"1":2}""", """{"1":2,"2":1,"dest":"d","rts":5}""")]
    [InlineData("{ }", """{"dest":"d","rts":5}""")]
    public void An_object_with_members_set_on_a_parsed_one_reads_and_writes_as_a_changed_copy(string json, string expected)
    {
        JsObject parsed = JsValue.Parse(json).AsObject;
        JsValue with = JsValue.From(parsed.With("dest", JsValue.From("d")).With("rts", JsValue.From(5)));
        Assert.Equal("d", with["dest"].AsString);
        Assert.Equal(5, with.AsObject.Get("rts"u8).AsNumber);
        Assert.True(with["none"].IsUndefined);
        bool hasText = with.TryGetRaw(out ReadOnlyMemory<byte> text, out var added);
        Assert.Equal(parsed.Count > 0 && parsed["rts"].IsUndefined, hasText);
        if (hasText) Assert.Equal((json, 2), (System.Text.Encoding.UTF8.GetString(text.Span), added.Count));
        Assert.Equal(expected, with.ToJson());
        Assert.Equal(JsValue.Parse(json).ToJson(), JsValue.From(parsed).ToJson());
    }
}
