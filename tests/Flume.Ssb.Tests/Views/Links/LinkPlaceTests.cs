using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Messages;
using Flume.Ssb.Queries;
using Flume.Ssb.Views.Links;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Ssb.Tests.Views.Links;

/// <summary>Compares the sort keys of links with charwise's keys, for texts with all escaped characters.</summary>
public sealed class LinkPlaceTests
{
    private const int Links = 300;
    private static readonly string[] Letters = ["a", "b", "@", "!", "\"", "?", " ", "\0", "\u0001", "5", "~", "é", "İ", "\U0001F600"];
    private static readonly string[] Fields = ["vote", "flag", "mentions", "about", "contact", "image", "root", "vot", "vote x", "vote!", "zz"];

    private readonly Random _random;
    private readonly List<(JsValue Entry, LinkPlace Place)> _links = [];

    public LinkPlaceTests(ITestOutputHelper output)
    {
        int seed = TestSeed.Draw();
        output.WriteLine($"FLUME_SEED={seed}");
        _random = new Random(seed);
        while (_links.Count < Links) AddLinks(Message());
    }

    [Theory]
    [InlineData("SRD", "source")]
    [InlineData("DRS", "dest")]
    [InlineData("RDS", "rel")]
    public void A_link_that_charwise_orders_before_another_never_has_the_greater_key(string index, string start)
    {
        IndexDefinition definition = LinksModel.Instance.Indexes.First(known => known.Key == index);
        int compared = 0;
        foreach ((JsValue left, LinkPlace leftPlace) in _links)
        {
            foreach ((JsValue right, LinkPlace rightPlace) in _links)
            {
                if (Start(left, start) != Start(right, start) || Order(definition, left, right) >= 0) continue;
                compared++;
                Assert.True(Key(index, leftPlace) <= Key(index, rightPlace), $"{index}: {left} comes before {right}");
            }
        }
        Assert.True(compared > Links, $"only {compared} pairs of links share a {start}");
    }

    [Fact]
    public void What_a_query_asks_for_lies_in_the_ranges_that_are_read_for_it()
    {
        int found = 0;
        for (int i = 0; i < 1500; i++)
        {
            QueryPlan plan = QueryRun.Plan(LinksModel.Instance, Options());
            if (plan.Index is null || LinkRanges.Of(plan) is not { } parts) continue;
            foreach ((JsValue entry, LinkPlace place) in _links)
            {
                if (!QueryReader.Matches(plan, entry)) continue;
                found++;
                Posting posting = new(A(plan.Index.Key, entry), Key(plan.Index.Key, place), 0);
                Assert.True(parts.Exists(part => part.Range.Contains(posting)), $"{plan.Options.Query} misses {entry}");
            }
        }
        Assert.True(found > 1000, $"only {found} links were asked for");
    }

    private static string Start(JsValue entry, string start) =>
        start == "rel" ? entry["rel"][0].ToJson() : entry[start].ToJson();

    private static int Order(IndexDefinition index, JsValue left, JsValue right) =>
        KeyOf(index, left).AsSpan().SequenceCompareTo(KeyOf(index, right));

    private static byte[] KeyOf(IndexDefinition index, JsValue entry) =>
        CharwiseKey.Of([.. index.Fields.Select(field => field.Read(entry))]);

    private static ulong Key(string index, LinkPlace place) =>
        index == "SRD" ? place.BySource : index == "DRS" ? place.ByDest : place.ByField;

    private static ulong A(string index, JsValue entry) =>
        IndexKey.FingerprintOf(index == "SRD" ? entry["source"] : index == "DRS" ? entry["dest"] : entry["rel"][0]);

    private void AddLinks(JsValue message)
    {
        List<JsValue> entries = [.. LinksModel.Instance.Entries(message, null)];
        DecodedMessage decoded = new MessageDecoder().Decode(Offset.Zero, Encoding.UTF8.GetBytes(message.ToJson()));
        for (int i = 0; i < entries.Count; i++) _links.Add((entries[i], LinkPlace.Of(decoded, decoded.ValueLinks[i])));
    }

    private JsValue Message()
    {
        string field = Pick(Fields);
        JsObject link = new JsObject().Set("link", JsValue.From(Id()));
        foreach (string name in (string[])["value", "reason", "name", "type", "size", "filename"])
        {
            if (_random.Next(3) > 0) link.Set(name, Value());
        }
        JsObject content = new JsObject().Set("type", JsValue.From("x"));
        foreach (string name in (string[])["following", "blocking", "name"]) content.Set(name, Value());
        content.Set(field, JsValue.From(link));
        JsValue author = _random.Next(8) == 0 ? Value() : JsValue.From(_random.Next(4) == 0 ? "@" + Text() : Feed());
        return JsValue.From(new JsObject().Set("key", JsValue.From("%k")).Set("timestamp", JsValue.From(_random.Next(9)))
            .Set("value", JsValue.From(new JsObject().Set("author", author).Set("content", JsValue.From(content)))));
    }

    private JsValue Options()
    {
        (JsValue entry, _) = _links[_random.Next(_links.Count)];
        JsArray rel = new JsArray().Add(entry["rel"][0]);
        if (_random.Next(5) > 0) rel.Add(Condition(entry["rel"][1]));
        JsObject filter = new JsObject().Set("rel", JsValue.From(rel));
        if (_random.Next(3) == 0) filter.Set("dest", entry["dest"]);
        if (_random.Next(4) == 0) filter.Set("source", entry["source"]);
        JsArray query = [JsValue.From(new JsObject().Set("$filter", JsValue.From(filter)))];
        return JsValue.From(new JsObject().Set("query", JsValue.From(query)));
    }

    private JsValue Condition(JsValue near)
    {
        if (near.IsString && _random.Next(2) == 0)
        {
            string text = near.AsString;
            return Operator("$prefix", JsValue.From(text[.._random.Next(text.Length + 1)]));
        }
        JsValue bound = near.IsUndefined || _random.Next(3) == 0 ? Value() : near;
        return bound.IsObject || bound.IsArray || _random.Next(4) == 0 ? JsValue.From(1)
            : Operator(Pick("$gt", "$gte", "$lt", "$lte", "$eq"), bound);
    }

    private static JsValue Operator(string name, JsValue argument) => JsValue.From(new JsObject().Set(name, argument));

    private JsValue Value() => _random.Next(12) switch
    {
        0 => JsValue.Null,
        1 => JsValue.True,
        2 => JsValue.False,
        3 => JsValue.From(_random.Next(-3, 4)),
        4 => JsValue.From((_random.NextDouble() - 0.5) * 40),
        5 => JsValue.From(_random.Next(-3, 4) * 1e9),
        6 => JsValue.Parse(Pick("{}", """{"a":1}""", "[]", "[1]")),
        _ => JsValue.From(Text()),
    };

    private string Text()
    {
        StringBuilder text = new();
        for (int i = _random.Next(5); i > 0; i--) text.Append(Pick(Letters));
        return text.ToString();
    }

    private string Id() => _random.Next(3) switch { 0 => Feed(), 1 => Ref.Message(Bytes()), _ => Ref.Blob(Bytes()) };

    private string Feed() => Ref.Feed(Bytes());

    private byte[] Bytes()
    {
        byte[] bytes = new byte[32];
        bytes[0] = (byte)(_random.Next(3) * 100);
        return bytes;
    }

    private T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];
}
