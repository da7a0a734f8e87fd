using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Views;
using Flume.TestKit;
using Flume.Views;
using Xunit;

namespace Flume.Actors.Tests;

/// <summary>A deleted record is in no answer from then on, long before the rows that lead to it are rebuilt.</summary>
public sealed class DeletedRecordTests
{
    /// <summary>Calls that give the message, with its key, author, type and root filled in.</summary>
    private static readonly (string Method, string Args)[] Calls =
    [
        ("createLogStream", "[]"),
        ("createFeedStream", "[]"),
        ("createRawLogStream", "[]"),
        ("createUserStream", "[{'id':'AUTHOR'}]"),
        ("createHistoryStream", "[{'id':'AUTHOR'}]"),
        ("messagesByType", "['post']"),
        ("links", "[{'dest':'ROOT','keys':true}]"),
        ("backlinks.read", "[{'query':[{'$filter':{'dest':'ROOT'}}]}]"),
        ("query.read", "[{'query':[{'$filter':{'value':{'author':'AUTHOR'}}}]}]"),
        ("query.read", "[{'query':[{'$filter':{'value':{'content':{'type':'post'}}}},{'$map':'key'}]}]"),
    ];

    private const string Count = "[{'query':[{'$filter':{'value':{'content':{'type':'post'}}}},{'$reduce':{'$count':true}}]}]";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_in_no_answer_and_no_count_before_the_rebuild_and_after(bool paused)
    {
        await using EngineRig rig = await new EngineRig("", [.. SsbViews.Catalog.Views]).StartAsync();
        (Offset offset, Dictionary<string, string> words) = await FillAsync(rig);
        foreach (IView view in rig.Views) await rig.StatusAsync(view.Name, status => status.State == ViewState.Live);
        foreach ((string method, string args) in Calls) Assert.Contains(words["KEY"], await AskAsync(rig, method, args, words));
        Assert.DoesNotContain("deleted", await AskAsync(rig, "get", "['KEY']", words));
        string before = await AskAsync(rig, "query.read", Count, words);
        if (paused) EngineRig.Accepted(await rig.Alice.PauseAsync(ViewSelection.All, "so that no row is rebuilt"));

        await rig.Alice.DeleteAsync(offset);
        for (int round = 0; round < 2; round++)
        {
            foreach ((string method, string args) in Calls)
                Assert.DoesNotContain(words["KEY"], await AskAsync(rig, method, args, words));
            await Assert.ThrowsAsync<ApiException>(() => AskAsync(rig, "get", "['KEY']", words));
            string after = await AskAsync(rig, "query.read", Count, words);
            Assert.Equal(JsValue.Parse(before).AsNumber - 1, JsValue.Parse(after).AsNumber);
            if (paused) EngineRig.Accepted(await rig.Alice.ResumeAsync(ViewSelection.All));
            paused = false;
            foreach (IView view in rig.Views)
                await rig.StatusAsync(view.Name, status => status is { State: ViewState.Live, Rebuilding: null });
        }
    }

    [Fact]
    public async Task Deletions_that_come_together_share_one_rebuild()
    {
        int applied = 0;
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("flume.rebuild.gather-ms = 300", alpha).StartAsync();
        await rig.AppendAsync(50);
        Assert.Equal(50, await rig.CaughtUpAsync("alpha"));
        alpha.Before = _ => Interlocked.Increment(ref applied);
        List<Offset> offsets = [];
        for (LogCursor cursor = rig.Alice.Log.Read(LogRange.All); cursor.MoveNext();) offsets.Add(cursor.Current.Offset);
        foreach (Offset offset in offsets.Take(20)) await rig.Alice.DeleteAsync(offset);
        await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilding: null });
        Assert.Equal(30, await rig.CaughtUpAsync("alpha"));
        Assert.InRange(applied, 30, 90);
    }

    [Fact]
    public async Task A_view_that_is_down_when_a_record_is_deleted_is_rebuilt_when_it_comes_back()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("flume.views { restart-ms-min = 60000, restart-ms-max = 60000 }", alpha).StartAsync();
        await rig.AppendAsync(5);
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
        alpha.Before = _ => throw new InvalidOperationException("no luck");
        await rig.AppendAsync(1);
        await rig.StatusAsync("alpha", status => status.Restarts == 1);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (!await DeletedAsync(rig, Offset.Zero)) await Task.Delay(5, patience.Token);
        alpha.Before = null;
        await rig.RestartAsync();
        await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilding: null } && status.Since == status.Head);
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
    }

    /// <summary>False when the view was just going down: the deletion says so, and can be given again.</summary>
    private static async Task<bool> DeletedAsync(EngineRig rig, Offset offset)
    {
        try
        {
            await rig.Alice.DeleteAsync(offset);
            return true;
        }
        catch (IdentityRejectedException)
        {
            return false;
        }
    }

    /// <summary>Appends the small log's records; one of its replies, which nothing else refers to.</summary>
    private static async Task<(Offset Offset, Dictionary<string, string> Words)> FillAsync(EngineRig rig)
    {
        List<ReadOnlyMemory<byte>> payloads = [];
        using (OffsetLog log = OffsetLog.Open(Vectors.Log, new LogOptions { ReadOnly = true }))
        {
            for (LogCursor cursor = log.Read(LogRange.All); cursor.MoveNext();) payloads.Add(cursor.Current.Payload.ToArray());
        }

        IReadOnlyList<Offset> offsets = (await rig.Alice.AppendAsync(payloads, Durability.Os)).Offsets;
        string[] texts = [.. payloads.Select(payload => System.Text.Encoding.UTF8.GetString(payload.Span))];
        for (int i = 0; i < texts.Length; i++)
        {
            JsValue message = JsValue.Parse(texts[i]), content = message["value"]["content"];
            if (!content["root"].IsString || content["type"] is not { IsString: true, AsString: "post" }) continue;
            string key = message["key"].AsString;
            if (texts.Count(text => text.Contains(key, StringComparison.Ordinal)) > 1) continue;
            return (offsets[i], new()
            {
                ["KEY"] = key, ["AUTHOR"] = message["value"]["author"].AsString, ["ROOT"] = content["root"].AsString,
            });
        }

        throw new InvalidOperationException("The small log has no reply that nothing refers to.");
    }

    private static async Task<string> AskAsync(EngineRig rig, string method, string args, Dictionary<string, string> words)
    {
        args = args.Replace('\'', '"');
        foreach ((string word, string meant) in words) args = args.Replace(word, meant, StringComparison.Ordinal);
        Assert.True(BuiltInApi.Table.TryGet(method, out ApiMethod found), method);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        ApiCall call = new(rig.Alice, JsValue.Parse(args).AsArray, patience.Token) { Freshness = ReadFreshness.NoWait };
        if (found.Kind != ApiKind.Source) return (await found.Call!(call)).ToJson();
        List<string> items = [];
        await foreach (JsValue item in found.Open!(call)) items.Add(item.ToJson());
        return string.Join('\n', items);
    }
}
