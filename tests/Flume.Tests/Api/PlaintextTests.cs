using Flume.Api;
using Flume.Codec.Json;
using Flume.Generate;
using Flume.Tests.Api.Parity;
using Xunit;

namespace Flume.Tests.Api;

/// <summary>What was in a box leaves through the calls that were asked to show it, and through no other.</summary>
public sealed class PlaintextTests : IDisposable
{
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
