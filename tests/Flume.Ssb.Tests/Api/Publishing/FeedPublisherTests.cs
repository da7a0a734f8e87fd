using Flume.Actors;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Api.Publishing;

/// <summary>No sequence of a feed is used twice or left out, whatever happens to callers and disks.</summary>
public sealed class FeedPublisherTests
{
    private static readonly FeedKeys Other = FeedKeys.FromSeed([.. Enumerable.Repeat((byte)9, 32)]);

    private readonly FaultyDisk _disk = new();

    [Fact]
    public async Task A_publish_whose_caller_left_is_followed_by_the_next_sequence()
    {
        await using EngineRig rig = await StartAsync("flume.append.group-delay-ms = 300");
        using var impatience = new CancellationTokenSource();
        Task<JsValue> first = CallAsync(rig, "publish", impatience.Token, Post("one"));
        await WaitsForTheDiskAsync(rig);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await CallAsync(rig, "publish", default, Post("two"));
        Assert.Equal([(1, "one"), (2, "two")], Messages(rig));
    }

    [Fact]
    public async Task A_publish_whose_caller_left_before_it_was_signed_is_not_appended()
    {
        await using EngineRig rig = await StartAsync("flume.append.group-delay-ms = 300");
        using var impatience = new CancellationTokenSource();
        Task<JsValue> first = CallAsync(rig, "publish", default, Post("one"));
        await WaitsForTheDiskAsync(rig);
        Task<JsValue> waits = CallAsync(rig, "publish", impatience.Token, Post("two"));
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        await first;
        await CallAsync(rig, "publish", default, Post("three"));
        Assert.Equal([(1, "one"), (2, "three")], Messages(rig));
    }

    [Fact]
    public async Task A_publish_that_timed_out_is_followed_by_the_next_sequence()
    {
        await using EngineRig rig = await StartAsync(
            "flume { append.group-delay-ms = 2000, identities.answer-within-ms = 200 }");
        await Assert.ThrowsAsync<AppendFailedException>(() => CallAsync(rig, "publish", default, Post("one")));
        JsValue? second = null;
        while (second is null)
        {
            try
            {
                second = await CallAsync(rig, "publish", default, Post("two"));
            }
            catch (AppendRejectedException)
            {
                // The outcome of the first is still unknown, and nothing was signed.
            }
            catch (AppendFailedException)
            {
                break;
            }
        }

        await rig.Alice.LogStatusAsync();
        while (rig.Alice.Log.Head == Offset.None || Messages(rig).Count < 2) await Task.Yield();
        Assert.Equal([(1, "one"), (2, "two")], Messages(rig));
    }

    [Fact]
    public async Task A_publish_after_a_failed_disk_continues_what_the_log_has()
    {
        await using EngineRig rig = await StartAsync();
        await CallAsync(rig, "publish", default, Post("one"));
        _disk.SyncFails = true;
        await Assert.ThrowsAsync<AppendFailedException>(() => CallAsync(rig, "publish", default, Post("two")));
        await Assert.ThrowsAsync<AppendRejectedException>(() => CallAsync(rig, "publish", default, Post("three")));
        _disk.SyncFails = false;
        await rig.Alice.ReopenLogAsync();
        await CallAsync(rig, "publish", default, Post("four"));
        Assert.Equal(Enumerable.Range(1, Messages(rig).Count), Messages(rig).Select(one => one.Sequence));
        Assert.Equal("four", Messages(rig)[^1].Text);
    }

    [Fact]
    public async Task Publishes_beside_raw_appends_use_each_sequence_once()
    {
        await using EngineRig rig = await StartAsync();
        using var end = new CancellationTokenSource();
        Task raw = Task.Run(async () =>
        {
            for (int i = 0; !end.IsCancellationRequested; i++)
                await rig.Alice.AppendAsync([EngineRig.Message(i), EngineRig.Message(i)], Durability.Os);
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            for (int i = 0; i < 15; i++) await CallAsync(rig, "publish", default, Post($"{writer}.{i}"));
        }));
        await end.CancelAsync();
        await raw;
        Assert.Equal(Enumerable.Range(1, 60), Messages(rig, rig.Alice.Keys!.Id).Select(one => one.Sequence));
    }

    [Fact]
    public async Task A_write_stream_that_fails_in_its_middle_leaves_no_gap()
    {
        await using EngineRig rig = await StartAsync("flume.reads.wait-ms-max = 300");
        List<JsValue> feed = Feed(Other, 3);
        await CallAsync(rig, "add", default, feed[0]);
        await rig.AppendAsync(1);
        EngineRig.Accepted(await rig.Alice.PauseAsync(ViewSelection.One("feeds"), "test"));
        await rig.AppendAsync(1);
        JsValue stranger = Feed(FeedKeys.FromSeed([.. Enumerable.Repeat((byte)8, 32)]), 1)[0];
        await Assert.ThrowsAsync<ReadRejectedException>(async () =>
            await rig.Alice.Publisher.AddAsync([feed[1], stranger], skipInvalid: true, default));
        EngineRig.Accepted(await rig.Alice.ResumeAsync(ViewSelection.One("feeds")));
        await Assert.ThrowsAsync<ApiException>(() => CallAsync(rig, "add", default, feed[2]));
        await CallAsync(rig, "add", default, feed[1]);
        await CallAsync(rig, "add", default, feed[2]);
        Assert.Equal([1, 2, 3], Messages(rig, Other.Id).Select(one => one.Sequence));
    }

    [Fact]
    public async Task Chained_adds_that_are_sent_together_are_all_accepted()
    {
        await using EngineRig rig = await StartAsync();
        List<JsValue> feed = Feed(Other, 600);
        await Task.WhenAll(feed.Select(message => CallAsync(rig, "add", default, message)).ToArray());
        Assert.Equal(Enumerable.Range(1, 600), Messages(rig, Other.Id).Select(one => one.Sequence));
    }

    [Fact]
    public async Task An_invalid_message_among_others_is_refused_alone()
    {
        await using EngineRig rig = await StartAsync("flume.append.group-delay-ms = 100");
        List<JsValue> feed = Feed(Other, 3);
        Task<JsValue>[] added = [.. new[] { feed[0], feed[2], feed[1] }.Select(one => CallAsync(rig, "add", default, one))];
        await added[0];
        await Assert.ThrowsAsync<ApiException>(() => added[1]);
        await added[2];
        Assert.Equal([1, 2], Messages(rig, Other.Id).Select(one => one.Sequence));
    }

    [Theory]
    [InlineData("del")]
    [InlineData("flume.del")]
    public async Task The_newest_own_message_is_kept_by_every_way_to_delete(string method)
    {
        await using EngineRig rig = await StartAsync();
        await CallAsync(rig, "publish", default, Post("one"));
        JsValue two = await CallAsync(rig, "publish", default, Post("two"));
        JsValue target = method == "del" ? two["key"] : JsValue.From((double)rig.Alice.Log.Head.Value);
        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => CallAsync(rig, method, default, target));
        Assert.Contains("newest message of this identity's own feed", refused.Message, StringComparison.Ordinal);
        await rig.AppendAsync(1);
        await CallAsync(rig, "publish", default, Post("three"));
        Assert.Equal([1, 2, 3], Messages(rig, rig.Alice.Keys!.Id).Select(one => one.Sequence));
    }

    [Fact]
    public async Task An_own_message_that_is_in_the_log_twice_moves_the_feed_back_no_more()
    {
        await using EngineRig rig = await StartAsync();
        await CallAsync(rig, "publish", default, Post("one"));
        ReadOnlyMemory<byte> copy = rig.Alice.Log.Get(Offset.Zero).Payload.ToArray();
        await CallAsync(rig, "publish", default, Post("two"));
        await rig.Alice.AppendAsync([copy], Durability.Os);
        await CallAsync(rig, "publish", default, Post("three"));
        Assert.Equal([1, 2, 1, 3], Messages(rig).Select(one => one.Sequence));
    }

    [Fact]
    public async Task Appends_whose_callers_left_count_until_the_log_has_answered()
    {
        await using EngineRig rig = await StartAsync("flume.append { waiting-max = 5, group-delay-ms = 500 }");
        int admitted = 0;
        for (int i = 0; i < 20; i++)
        {
            using var gone = new CancellationTokenSource();
            Task<Appended> append = rig.Alice.AppendAsync(
                [.. Enumerable.Range(0, 5).Select(EngineRig.Message)], Durability.Os, gone.Token).AsTask();
            await gone.CancelAsync();
            Exception? why = await Record.ExceptionAsync(() => append);
            if (why is not AppendRejectedException) admitted++;
        }

        Assert.Equal(1, admitted);
    }

    private static async Task<JsValue> CallAsync(
        EngineRig rig, string method, CancellationToken cancel, params JsValue[] args)
    {
        Assert.True(BuiltInApi.Table.TryGet(method, out ApiMethod known), method);
        return await known.Call!(new ApiCall(rig.Alice, new JsArray(args), cancel));
    }

    private static async Task WaitsForTheDiskAsync(EngineRig rig)
    {
        while ((await rig.Alice.LogStatusAsync()).Waiting == 0) await Task.Yield();
    }

    private static JsValue Post(string text) => JsValue.From(
        new JsObject().Set("type", JsValue.From("post")).Set("text", JsValue.From(text)));

    private static List<(int Sequence, string Text)> Messages(EngineRig rig, string? author = null)
    {
        List<(int, string)> found = [];
        for (LogCursor cursor = rig.Alice.Log.Read(LogRange.All); cursor.MoveNext();)
        {
            JsValue value = JsValue.Parse(cursor.Current.Payload.ToArray())["value"];
            if (author is not null && value["author"].AsString != author) continue;
            found.Add(((int)value["sequence"].AsNumber, value["content"]["text"] is { IsString: true } text ? text.AsString : ""));
        }

        return found;
    }

    private static List<JsValue> Feed(FeedKeys keys, int count)
    {
        List<JsValue> messages = [];
        FeedState? state = null;
        MessageAuthor author = new(keys);
        for (int i = 1; i <= count; i++)
        {
            Assert.True(author.TryWrite(state, Post($"m{i}"), 1000 + i, out JsObject message, out _));
            JsValue value = JsValue.ParseWhole(JsWriter.ToUtf8(JsValue.From(message)));
            state = new FeedState(new CanonicalMessage(value).Id, i, 1000 + i);
            messages.Add(value);
        }

        return messages;
    }

    private Task<EngineRig> StartAsync(string hocon = "") =>
        new EngineRig(hocon, [.. SsbViews.Catalog.Views]) { LogOptions = new LogOptions { Disk = _disk } }.StartAsync();
}
