using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Ssb.Tests.Api.Parity;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Api;

/// <summary>
/// Unusual single messages and options, with the answers of the JavaScript modules. The parity tests cover other cases.
/// </summary>
public sealed class OddMessagesTests : IDisposable
{
    private const string Blob = "&AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=.sha256";
    private static readonly FeedKeys Self = Keys(1), Other = Keys(2);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("flume-odd-");
    private LocalIdentity? _identity;

    public void Dispose()
    {
        _identity?.Dispose();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData("{\"id\":ID,\"private\":true,\"unbox\":KEY}")]
    [InlineData("{\"id\":ID,\"private\":true,\"unbox\":\"AAAA\"}")]
    [InlineData("{\"id\":ID,\"private\":true}")]
    public async Task What_the_identity_can_read_it_reads_whatever_key_is_given(string request)
    {
        (string ours, _) = WithBoxes(out string theirKey);
        JsValue asked = JsValue.Parse(request.Replace("ID", ours, StringComparison.Ordinal).Replace("KEY", theirKey, StringComparison.Ordinal));
        Assert.Equal("ours", (await AskAsync("get", asked))["value"]["content"]["text"].AsString);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(".boxs", true)]
    [InlineData("AAAA", true)]
    [InlineData(null, false)]
    public async Task A_box_for_somebody_else_opens_with_its_key_as_npm_ssb_keys_reads_it(string? behind, bool opens)
    {
        (_, string theirs) = WithBoxes(out string key);
        string given = behind is null ? "AAAA" : JsValue.Parse(key).AsString + behind;
        if (behind == "AAAA") given = given.Replace("AAAA", "", StringComparison.Ordinal).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        JsObject asked = new JsObject().Set("id", JsValue.Parse(theirs)).Set("private", JsValue.True).Set("unbox", JsValue.From(given));
        JsValue value = (await AskAsync("get", JsValue.From(asked)))["value"];
        Assert.Equal(opens ? "theirs" : null, value["content"]["text"].IsString ? value["content"]["text"].AsString : null);
        if (opens) Assert.Equal(given, value["unbox"].AsString);
    }

    [Fact]
    public async Task A_link_with_a_key_says_itself_whether_metadata_is_wanted()
    {
        (_, string theirs) = WithBoxes(out string key);
        string link = JsValue.Parse(theirs).AsString + "?unbox=" + Uri.EscapeDataString(JsValue.Parse(key).AsString);
        JsValue plain = await AskAsync("get", JsValue.From(new JsObject().Set("id", JsValue.From(link)).Set("meta", JsValue.True)));
        JsValue whole = await AskAsync("get", JsValue.From(link + "&meta=true"));
        Assert.Equal("theirs", plain["value"]["content"]["text"].AsString);
        Assert.Equal("theirs", whole["value"]["value"]["content"]["text"].AsString);
    }

    [Fact]
    public async Task The_items_of_a_content_that_is_an_array_are_links()
    {
        Log("[\"" + Blob + "\",{\"link\":\"" + Blob + "\"}]");
        JsArray rows = await RowsAsync("links", $"{{\"dest\":\"{Blob}\"}}");
        Assert.Equal(["0", "1"], rows.Select(row => row["rel"].AsString));
        Assert.Equal("1", Assert.Single(await RowsAsync("links", "{\"rel\":\"1\"}"))["rel"].AsString);
    }

    [Fact]
    public async Task Times_that_are_texts_are_in_order_beyond_what_a_row_holds()
    {
        Log("\"1438787347799\"", "\"1438787347791\"", "\"1438787347795\"");
        JsArray rows = await RowsAsync("createFeedStream", "{}");
        Assert.Equal(["1438787347791", "1438787347795", "1438787347799"], rows.Select(row => row["rts"].AsString));
    }

    [Fact]
    public async Task A_relation_with_a_hole_is_found_by_its_beginning()
    {
        Log($"{{\"type\":\"post\",\"mentions\":[{{\"link\":\"{Blob}\",\"size\":5}},{{\"link\":\"{Blob}\"}}]}}");
        JsArray rows = await RowsAsync("links2.read",
            "{\"query\":[{\"$filter\":{\"rel\":[\"mentions\"]}},{\"$sort\":[\"source\",\"rel\",\"dest\",\"ts\"]}]}");
        Assert.Equal(["[\"mentions\",null,5]", "[\"mentions\",null,null]"], rows.Select(row => row["rel"].ToJson()));
    }

    [Theory]
    [InlineData("ΟΔΟΣ", "@οδος")]
    [InlineData("İstanbul", "@i\u0307stanbul")]
    public async Task Names_of_mentions_are_lowered_as_JavaScript_lowers_them(string name, string lowered)
    {
        Log($"{{\"type\":\"post\",\"mentions\":[{{\"link\":\"{Other.Id}\",\"name\":\"{name}\"}}]}}");
        JsArray rows = await RowsAsync("links2.read", "{\"query\":[{\"$filter\":{\"rel\":[\"mentions\",{\"$prefix\":\"@\"}]}}]}");
        Assert.Equal(lowered, Assert.Single(rows)["rel"][1].AsString);
    }

    [Theory]
    [InlineData("[\"nothing\",[\"wanted\"]]")]
    [InlineData("{\"wanted\":\"an [object Object]\"}", "object")]
    [InlineData("20201231", "2020")]
    public async Task A_text_that_is_none_is_searched_as_JavaScript_turns_it_into_one(string text, string word = "wanted")
    {
        Log($"{{\"type\":\"post\",\"text\":{text}}}");
        Assert.Single(await RowsAsync("search.query", $"{{\"query\":\"{word}\"}}"));
    }

    [Theory]
    [InlineData("createLogStream", "{\"lt\":{}}")]
    [InlineData("createLogStream", "{\"start\":[{}]}")]
    [InlineData("createFeedStream", "{\"gte\":{\"a\":1}}")]
    [InlineData("messagesByType", "{\"type\":\"post\",\"min\":[[{}]]}")]
    public async Task A_bound_that_no_key_can_hold_is_refused(string method, string options)
    {
        Log("{\"type\":\"post\"}");
        JsValue answer = await AskAsync(method, JsValue.Parse(options));
        Assert.Equal("can only encode arrays", answer["error"]["message"].AsString);
    }

    [Theory]
    [InlineData("createLogStream", "{\"limit\":4294967297}", 1)]
    [InlineData("createLogStream", "{\"limit\":2147483648}", 3)]
    [InlineData("createLogStream", "{\"limit\":4294967296}", 0)]
    [InlineData("createFeedStream", "{\"limit\":2.5}", 2)]
    [InlineData("createRawLogStream", "{\"limit\":2.5}", 3)]
    public async Task A_limit_counts_as_JavaScripts_log_and_indexes_count_it(string method, string options, int rows)
    {
        Log("{\"type\":\"post\"}", "{\"type\":\"post\"}", "{\"type\":\"post\"}");
        Assert.Equal(rows, (await RowsAsync(method, options)).Count);
    }

    [Theory]
    [InlineData("{\"start\":FIRST}", 2)]
    [InlineData("{\"end\":FIRST}", 1)]
    [InlineData("{\"start\":FIRST,\"reverse\":true}", 1)]
    [InlineData("{\"end\":FIRST,\"reverse\":true}", 2)]
    public async Task The_log_itself_knows_the_old_names_of_bounds(string options, int rows)
    {
        Log("{\"type\":\"post\"}", "{\"type\":\"post\"}");
        Assert.Equal(rows, (await RowsAsync("createRawLogStream", options.Replace("FIRST", "0", StringComparison.Ordinal))).Count);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("null")]
    [InlineData("[1]")]
    public async Task A_box_gives_whatever_json_it_holds(string json)
    {
        Log("{\"type\":\"post\"}");
        string box = PrivateBox.ToText(PrivateBox.Seal(Encoding.UTF8.GetBytes(json), [Self.PublicKey.ToArray()]));
        Assert.Equal(json, (await AskAsync("private.unbox", JsValue.From(box)))["value"].ToJson());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"@x\"")]
    [InlineData("[\"%x\"]")]
    public async Task What_was_meant_to_be_private_is_not_published_without_readers(string recps)
    {
        Log("{\"type\":\"post\"}");
        JsObject request = RandomStreams.Call("private.publish", JsValue.Parse("{\"type\":\"post\"}"), JsValue.Parse(recps));
        JsValue refused = await FlumeSide.AnswerAsync(_identity!, request);
        Assert.StartsWith("failed to encrypt", refused["error"]["message"].AsString);
        Assert.Single(await RowsAsync("createLogStream", "{}"));
    }

    [Fact]
    public async Task Recipients_of_private_publish_are_not_part_of_what_is_boxed()
    {
        Log("{\"type\":\"post\"}");
        JsObject request = RandomStreams.Call(
            "private.publish", JsValue.Parse("{\"type\":\"post\"}"), JsValue.From(new JsArray([JsValue.From(Self.Id)])));
        JsValue content = (await FlumeSide.AnswerAsync(_identity!, request))["value"]["value"]["content"];
        Assert.Equal("{\"type\":\"post\"}", (await AskAsync("private.unbox", content))["value"].ToJson());
    }

    [Fact]
    public async Task The_newest_message_of_ones_own_feed_is_not_deleted_since_the_next_has_to_name_it()
    {
        Log("{\"type\":\"post\"}");
        JsValue[] own = new JsValue[2];
        for (int i = 0; i < own.Length; i++) own[i] = (await AskAsync("publish", JsValue.Parse("{\"type\":\"post\"}")))["value"]["key"];
        foreach (JsValue target in (JsValue[])[own[1], JsValue.From(Self.Id)])
            Assert.Contains("Nothing was deleted", (await AskAsync("del", target))["error"]["message"].AsString);
        Assert.True((await AskAsync("del", own[0]))["undefined"].IsTruthy);
        Assert.Equal(2, (await RowsAsync("createLogStream", "{}")).Count);
    }

    [Fact]
    public async Task Distances_begin_at_oneself_and_go_on_message_by_message()
    {
        string[] feeds = [Keys(3).Id, Keys(4).Id];
        Log("{\"type\":\"post\"}");
        JsObject asked = new JsObject().Set("live", JsValue.Parse($"[{{\"method\":\"friends.createFriendStream\",\"args\":"
            + $"[{{\"live\":true,\"meta\":true}}]}},{{\"method\":\"friends.hopStream\",\"args\":[{{\"start\":\"{Other.Id}\"}}]}}]"))
            .Set("append", JsValue.Parse($"[[{Follow(Self.Id, feeds[0], 7)},{Follow(feeds[0], feeds[1], 8)}]]"));
        JsValue streams = (await FlumeSide.AnswerLiveAsync(_identity!, asked))["streams"];
        Assert.Equal([Self.Id, feeds[0], feeds[1]], streams[0].AsArray.Select(friend => friend["id"].AsString));
        Assert.Equal([$"{{\"{feeds[0]}\":1}}", $"{{\"{feeds[1]}\":2}}"], streams[1].AsArray.Select(hops => hops.ToJson()));
    }

    private static string Follow(string from, string to, int at) => $"{{\"key\":{Id(at)},\"value\":{{\"previous\":null,\"sequence\":1,"
        + $"\"author\":\"{from}\",\"timestamp\":{2000 + at},\"hash\":\"sha256\",\"content\":{{\"type\":\"contact\","
        + $"\"contact\":\"{to}\",\"following\":true}},\"signature\":\"x\"}},\"timestamp\":{1538787348000 + at}}}";

    private static FeedKeys Keys(byte seed) => FeedKeys.FromSeed([.. Enumerable.Repeat(seed, 32)]);

    /// <summary>The ids of one message for the identity and one for another, and the key of the second.</summary>
    private (string Ours, string Theirs) WithBoxes(out string theirKey)
    {
        byte[] ours = PrivateBox.Seal("{\"type\":\"post\",\"text\":\"ours\"}"u8, [Self.PublicKey.ToArray()]);
        byte[] theirs = PrivateBox.Seal("{\"type\":\"post\",\"text\":\"theirs\"}"u8, [Other.PublicKey.ToArray()]);
        byte[] key = new byte[PrivateBox.UnboxKeyBytes];
        Assert.True(PrivateBox.TryFindKey(theirs, Other.CurveSecretKey, key));
        theirKey = JsValue.From(Convert.ToBase64String(key)).ToJson();
        Log($"\"{PrivateBox.ToText(ours)}\"", $"\"{PrivateBox.ToText(theirs)}\"");
        return (Id(0), Id(1));
    }

    private static string Id(int at) => $"\"%{Convert.ToBase64String([.. Enumerable.Repeat((byte)at, 32)])}.sha256\"";

    /// <summary>
    /// A log of messages with these contents. A text that is not a box is the claimed time of a message.
    /// </summary>
    private void Log(params string[] contents)
    {
        string path = Path.Combine(_directory.FullName, "log.offset");
        using (OffsetLog log = OffsetLog.Open(path))
        {
            for (int i = 0; i < contents.Length; i++)
            {
                bool isTime = contents[i][0] == '"' && !contents[i].EndsWith(".box\"", StringComparison.Ordinal);
                (string time, string content) = isTime ? (contents[i], "{\"type\":\"post\"}") : ($"{1000 + i}", contents[i]);
                log.Append(Encoding.UTF8.GetBytes($"{{\"key\":{Id(i)},\"value\":{{\"previous\":null,\"sequence\":{i + 1},"
                    + $"\"author\":\"{Other.Id}\",\"timestamp\":{time},\"hash\":\"sha256\",\"content\":{content},\"signature\":\"x\"}},"
                    + $"\"timestamp\":{1538787347000 + i}}}"), Durability.Os);
            }
        }
        _identity = new LocalIdentity(Path.Combine(_directory.FullName, "identity"), path, Self);
    }

    private Task<JsValue> AskAsync(string method, JsValue argument) =>
        FlumeSide.AnswerAsync(_identity!, RandomStreams.Call(method, [argument]));

    private async Task<JsArray> RowsAsync(string method, string options)
    {
        JsValue answer = await AskAsync(method, JsValue.Parse(options));
        Assert.True(answer["rows"].IsArray, answer.ToJson());
        return answer["rows"].AsArray;
    }
}
