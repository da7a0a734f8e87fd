using System.Text;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Tests.Api.Parity;
using Flume.TestKit;
using Flume.Tools.Generate;
using Flume.Views;
using Xunit;

namespace Flume.Ssb.Tests.Api;

/// <summary>Only calls that request decrypted content return it.</summary>
public sealed class PlaintextTests : IDisposable
{
    private const int FuzzCalls = 1000;
    private const int RowsMax = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Some sources have no results and wait. Sources with rows return them within this time.</summary>
    private static readonly TimeSpan RowsWithin = TimeSpan.FromMilliseconds(300);

    /// <summary>The methods that return decrypted content without a request, as in JavaScript (docs/spec 3).</summary>
    private static readonly HashSet<string> Openers = new(StringComparer.Ordinal)
    {
        "query.read", "backlinks.read", "links2.read", "search.query", "meme.search", "private.read", "private.unbox",
        "about.read", "about.socialValue", "about.socialValues", "about.latestValue", "about.latestValues",
        "about.socialValueStream", "about.socialValuesStream", "about.latestValueStream",
    };

    private readonly ParityWorld _world = new(new GenerateOptions { Messages = 600, Authors = 6, Seed = 7 });
    private readonly List<JsValue> _opened;

    public PlaintextTests() => _opened = [.. _world.Messages.Where(message => message["value"]["private"].IsTruthy
        && message["value"]["content"]["text"] is { IsString: true, IsTruthy: true })];

    public void Dispose() => _world.Dispose();

    public static TheoryData<string, string> Closed => new()
    {
        { "createLogStream", "[]" },
        { "createLogStream", "[{\"private\":false,\"keys\":false}]" },
        { "createLogStream", "[{\"private\":1}]" },
        { "createFeedStream", "[]" },
        { "createFeedStream", "[{\"keys\":false}]" },
        { "createRawLogStream", "[{\"private\":true}]" },
        { "messagesByType", "[\"post\"]" },
        { "messagesByType", "[{\"type\":\"post\",\"keys\":false}]" },
        { "links", "[{\"rel\":\"root\",\"values\":true}]" },
        { "links", "[{\"rel\":\"root\",\"values\":true,\"private\":true}]" },
        { "links", "[{\"rel\":\"root\",\"values\":true,\"meta\":false,\"keys\":false}]" },
        { "links", "[{\"rel\":\"recps\",\"values\":true,\"meta\":false}]" },
        { "latest", "[]" },
        { "getVectorClock", "[]" },
    };

    public static TheoryData<string, string> Opened => new()
    {
        { "createLogStream", "[{\"private\":true}]" },
        { "createLogStream", "[{\"raw\":true}]" },
        { "createFeedStream", "[{\"private\":true}]" },
        { "messagesByType", "[{\"type\":\"post\",\"private\":true}]" },
        { "links", "[{\"rel\":\"recps\",\"values\":true,\"meta\":false,\"private\":true}]" },
        { "query.read", "[{\"query\":[{\"$filter\":{\"value\":{\"private\":true}}}]}]" },
        { "private.read", "[{}]" },
    };

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task A_call_that_was_not_asked_for_plaintext_gives_none(string method, string args) =>
        AssertClosed(await AnswerAsync(method, args));

    [Theory]
    [MemberData(nameof(Opened))]
    public async Task A_call_that_was_asked_for_plaintext_gives_it(string method, string args)
    {
        string answer = await AnswerAsync(method, args);
        Assert.Contains(_opened, message => answer.Contains(message["value"]["content"]["text"].ToJson(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Calls_about_one_feed_or_message_give_no_plaintext_unasked()
    {
        Assert.NotEmpty(_opened);
        foreach (JsValue message in _opened.Take(40))
        {
            string author = message["value"]["author"].ToJson(), key = message["key"].ToJson();
            AssertClosed(await AnswerAsync("createUserStream", $$"""[{"id":{{author}}}]"""));
            AssertClosed(await AnswerAsync("createHistoryStream", $$"""[{"id":{{author}},"private":true}]"""));
            AssertClosed(await AnswerAsync("getLatest", $"[{author}]"));
            AssertClosed(await AnswerAsync("getAtSequence", $"[[{author},{message["value"]["sequence"].ToJson()}]]"));
            AssertClosed(await AnswerAsync("get", $"[{key}]"));
            AssertClosed(await AnswerAsync("get", $$"""[{"id":{{key}},"meta":true}]"""));
            string text = message["value"]["content"]["text"].ToJson();
            Assert.Contains(text, await AnswerAsync("get", $$"""[{"id":{{key}},"private":true}]"""), StringComparison.Ordinal);
            Assert.Contains(text, await AnswerAsync("createUserStream", $$"""[{"id":{{author}},"private":true}]"""),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_other_method_gives_plaintext_whatever_it_is_asked()
    {
        int seed = TestSeed.Draw();
        Vocabulary words = new([.. _world.Messages.Select(MessageView.Original)], _world.Offsets, new Random(seed));
        ApiMethod[] closed = [.. BuiltInApi.Table.Methods.Where(method => !Openers.Contains(method.Name)
            && method.Kind != ApiKind.Sink && method.OpenBytes is null && method.Name is not ("del" or "rebuild" or "publish" or "blobs.want"))];
        string[] secrets = [.. _opened.Select(message => message["value"]["content"]["text"].ToJson())];
        for (int i = 0; i < FuzzCalls; i++)
        {
            ApiMethod method = words.Pick(closed);
            JsArray args = new();
            for (int j = 1 + words.Next(2); j > 0; j--) args.Add(words.OneIn(3) ? Likely(words) : FuzzTests.Value(words, 2));
            string asked = JsValue.From(args).ToJson();
            if (IsAsked(method, args, asked)) continue;
            string answer = await FirstRowsAsync(method, JsValue.Parse(asked).AsArray);
            Assert.False(
                secrets.Any(secret => answer.Contains(secret, StringComparison.Ordinal)),
                $"{method.Name} {asked} gave plaintext, FLUME_SEED={seed}");
        }
    }

    [Fact]
    public void Nothing_that_shows_plaintext_is_open_to_anonymous_peers() =>
        Assert.DoesNotContain(BuiltInApi.Table.Methods, method => method.Anonymous && Openers.Contains(method.Name));

    /// <summary>Typical options of callers that match messages.</summary>
    private static JsValue Likely(Vocabulary words) => JsValue.From(new JsObject().Set("id", words.Author())
        .Set("type", words.Type()).Set("dest", words.Link()).Set("rel", JsValue.From(words.Pick("root", "recps", "mentions")))
        .Set("values", JsValue.True));

    /// <summary>True if an option requests plaintext, or the call gets a log record by offset.</summary>
    private static bool IsAsked(ApiMethod method, JsArray args, string asked) =>
        asked.Contains("\"private\":true", StringComparison.Ordinal) || asked.Contains("\"raw\":", StringComparison.Ordinal)
        || asked.Contains("unbox", StringComparison.Ordinal)
        || (method.Name == "get" && (args[0].IsNumber || args[0]["id"].IsNumber));

    private async Task<string> FirstRowsAsync(ApiMethod method, JsArray args)
    {
        using CancellationTokenSource enough = new();
        ApiCall call = new(new WaitWatch(_world.Identity) { Waiting = enough.Cancel }, args, enough.Token);
        StringBuilder text = new();
        try
        {
            if (method.Kind != ApiKind.Source) return (await method.Call!(call).AsTask().WaitAsync(Patience)).ToString();
            int rows = 0;
            enough.CancelAfter(RowsWithin);
            await foreach (JsValue row in method.Open!(call))
            {
                text.Append(row.ToString());
                if (++rows == RowsMax) break;
            }
        }
        catch (Exception error) when (error is ApiException or UnknownViewException or OperationCanceledException)
        {
        }
        return text.ToString();
    }

    private void AssertClosed(string answer) => Assert.DoesNotContain(_opened, message =>
        answer.Contains(message["value"]["content"]["text"].ToJson(), StringComparison.Ordinal));

    private async Task<string> AnswerAsync(string method, string args)
    {
        JsObject request = RandomStreams.Call(method, [.. JsValue.Parse(args).AsArray]);
        JsValue answer = await FlumeSide.AnswerAsync(_world.Identity, request);
        Assert.True(answer["error"].IsUndefined && answer["crash"].IsUndefined, answer.ToJson());
        return answer.ToJson();
    }
}
