using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Actors.Tests;

public sealed class RebuildTests
{
    private static readonly ViewSelection Alpha = ViewSelection.One("alpha");

    [Fact]
    public async Task Old_rows_answer_while_fresh_ones_are_built_and_then_the_fresh_ones_do()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha).StartAsync();
        await rig.AppendAsync(200);
        await rig.CaughtUpAsync("alpha");
        using var gate = new ManualResetEventSlim();
        Offset bound = rig.Alice.Log.Head;
        alpha.Before = message => Hold(gate, message.Offset <= bound);

        Assert.True((await rig.Alice.RebuildAsync(Alpha)).IsAccepted);
        await rig.AppendAsync(5);
        using (ViewRead during = await rig.Alice.ReadAsync("alpha", ReadFreshness.Fresh))
        {
            Assert.Equal(ViewState.Rebuilding, during.State);
            Assert.Equal("requested", during.Rebuilding!.Reason);
            Assert.Equal(205, during.Rows.Count(1, PostingRange.All));
        }

        gate.Set();
        ViewStatus done = await rig.StatusAsync("alpha", status => status.State == ViewState.Live);
        Assert.Equal((rig.Alice.Log.Head, 205L), (done.Since, done.Rows["packed"] + done.Rows["live"]));
        Assert.Equal(205, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task Readers_get_news_while_the_fresh_rows_close_in()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha).StartAsync();
        Offset scanned = await rig.AppendAsync(200);
        await rig.CaughtUpAsync("alpha");
        using ManualResetEventSlim scanning = new(), gate = new();
        var closing = new ClosingIn(scanned, () => rig.AppendAsync(1).GetAwaiter().GetResult());
        alpha.Before = message =>
        {
            if (message.Offset <= scanned) scanning.Set();
            Hold(gate, message.Offset <= scanned);
            closing.Applies(message.Offset);
        };

        Assert.True((await rig.Alice.RebuildAsync(Alpha)).IsAccepted);
        EngineRig.Wait(scanning);
        Offset left = await rig.AppendAsync(2000);
        await rig.CaughtUpAsync("alpha");
        gate.Set();
        await rig.StatusAsync("alpha", status => status.Rebuilding is null);
        Assert.Equal(2201, await rig.CaughtUpAsync("alpha"));
        Assert.True(closing.News.IsSome, "the fresh store had nothing to close in on");
        Assert.True(closing.FirstTime(closing.News) < closing.SecondTime(left), "news had to wait for the fresh store");
    }

    [Fact]
    public async Task A_view_that_is_far_behind_is_built_afresh_instead()
    {
        await using EngineRig rig = await new EngineRig("", new TestView("alpha")).StartAsync();
        await rig.AppendAsync(10);
        await rig.CaughtUpAsync("alpha");
        EngineRig.Accepted(await rig.Alice.PauseAsync(Alpha, "a holiday"));
        var large = new byte[100_000];
        large.AsSpan().Fill((byte)' ');
        EngineRig.Message(1).Span.CopyTo(large);
        await rig.Alice.AppendAsync([.. Enumerable.Repeat<ReadOnlyMemory<byte>>(large, 60)], Durability.Os);
        EngineRig.Accepted(await rig.Alice.ResumeAsync(Alpha));
        Assert.Equal(70, await rig.CaughtUpAsync("alpha"));
        ViewStatus status = await rig.StatusAsync("alpha", status => status.State == ViewState.Live);
        Assert.Equal((70, 0), (status.Rows["packed"], status.Rows["live"]));
    }

    [Fact]
    public async Task No_reader_ever_sees_a_view_go_back()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        using var stop = new CancellationTokenSource();
        Task reader = Task.Run(async () =>
        {
            Offset seen = Offset.None;
            while (!stop.IsCancellationRequested)
            {
                using ViewRead read = await rig.Alice.ReadAsync("alpha", ReadFreshness.NoWait);
                Assert.True(read.Since >= seen, $"went from {seen} back to {read.Since}");
                seen = read.Since;
            }
        });
        for (int i = 0; i < 10; i++)
        {
            await rig.AppendAsync(100);
            await rig.Alice.RebuildAsync(ViewSelection.All);
            await rig.AppendAsync(50);
        }

        await rig.StatusAsync("alpha", status => status.State == ViewState.Live);
        await stop.CancelAsync();
        await reader;
        Assert.Equal(1500, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task A_reader_that_holds_its_lease_for_ever_holds_up_nothing()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(10);
        await rig.CaughtUpAsync("alpha");
        using ViewRead stalled = await rig.Alice.ReadAsync("alpha", ReadFreshness.Fresh);
        for (int i = 0; i < 3; i++)
        {
            Assert.True((await rig.Alice.RebuildAsync(Alpha)).IsAccepted);
            await rig.AppendAsync(10);
            await rig.StatusAsync("alpha", status => status.State == ViewState.Live);
        }

        Assert.Equal(40, await rig.CaughtUpAsync("alpha"));
        Assert.Equal(10, stalled.Rows.Count(1, PostingRange.All));
    }

    [Fact]
    public async Task A_cancelled_rebuild_leaves_the_old_rows_and_the_view_goes_on_from_them()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha).StartAsync();
        await rig.AppendAsync(50);
        await rig.CaughtUpAsync("alpha");
        using var gate = new ManualResetEventSlim();
        Offset bound = rig.Alice.Log.Head;
        alpha.Before = message => Hold(gate, message.Offset <= bound);

        EngineRig.Accepted(await rig.Alice.RebuildAsync(Alpha));
        CommandOutcome twice = await rig.Alice.RebuildAsync(Alpha);
        Assert.Equal("View 'alpha' is being rebuilt already (requested). Wait, or cancel the rebuild first.", twice.Views[0].Text);
        Assert.True((await rig.Alice.CancelAsync(Alpha)).IsAccepted);
        gate.Set();
        await rig.AppendAsync(5);
        Assert.Equal(55, await rig.CaughtUpAsync("alpha"));
        await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilding: null });
    }

    [Fact]
    public async Task Views_that_are_asked_together_share_one_scan()
    {
        int applied = 0;
        var views = new[] { new TestView("alpha"), new TestView("beta"), new TestView("gamma") };
        await using EngineRig rig = await new EngineRig("flume.rebuild.gather-ms = 200", views).StartAsync();
        await rig.AppendAsync(20);
        foreach (TestView view in views) await rig.CaughtUpAsync(view.Name);
        using var gate = new ManualResetEventSlim();
        foreach (TestView view in views)
        {
            view.Before = _ =>
            {
                Interlocked.Increment(ref applied);
                EngineRig.Wait(gate);
            };
        }

        EngineRig.Accepted(await rig.Alice.RebuildAsync(ViewSelection.All));
        foreach (TestView view in views)
            Assert.Equal(ViewState.Rebuilding, (await rig.StatusAsync(view.Name, _ => true)).State);
        gate.Set();
        foreach (TestView view in views) await rig.StatusAsync(view.Name, status => status.State == ViewState.Live);
        Assert.Equal(60, applied);
    }

    [Fact]
    public async Task Another_version_of_a_view_is_rebuilt_and_its_old_rows_answer_until_then()
    {
        await using EngineRig rig = await new EngineRig("", new TestView("alpha", version: 1)).StartAsync();
        await rig.AppendAsync(30);
        await rig.CaughtUpAsync("alpha");
        await rig.Engine.StopAsync();
        using var gate = new ManualResetEventSlim();
        rig.Views = [new TestView("alpha", version: 2) { Before = _ => EngineRig.Wait(gate) }];
        await rig.StartAsync();

        using (ViewRead old = await rig.Alice.ReadAsync("alpha", ReadFreshness.NoWait))
        {
            Assert.Equal((1, ViewState.Rebuilding), (old.Checkpoint.Version, old.State));
            Assert.Contains("from 1 to 2", old.Rebuilding!.Reason);
            Assert.Equal(30, old.Rows.Count(1, PostingRange.All));
        }

        ValueTask<ViewRead> fresh = rig.Alice.ReadAsync("alpha", ReadFreshness.Fresh);
        Assert.False(fresh.IsCompleted);
        gate.Set();
        using ViewRead rebuilt = await fresh;
        Assert.Equal(2, rebuilt.Checkpoint.Version);
        Assert.Equal(30, rebuilt.Rows.Count(1, PostingRange.All));
    }

    [Fact]
    public async Task Rows_beyond_the_head_are_rebuilt()
    {
        await using EngineRig rig = await new EngineRig("", new TestView("alpha")).StartAsync();
        Offset kept = await rig.AppendAsync(10);
        long end = rig.Alice.Log.EndPosition;
        await rig.AppendAsync(10);
        await rig.CaughtUpAsync("alpha");
        await rig.Engine.StopAsync();
        using (FileStream log = File.OpenWrite(rig.LogPath)) log.SetLength(end);
        await rig.StartAsync();
        Assert.Equal(kept, rig.Alice.Log.Head);
        ViewStatus status = await rig.StatusAsync("alpha", status => status.State == ViewState.Live);
        Assert.Equal(kept, status.Since);
        Assert.Equal(10, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task A_store_whose_files_are_damaged_is_rebuilt()
    {
        await using EngineRig rig = await new EngineRig("", new TestView("alpha")).StartAsync();
        await rig.AppendAsync(10);
        await rig.CaughtUpAsync("alpha");
        await rig.Engine.StopAsync();
        string views = Path.Combine(Path.GetDirectoryName(rig.LogPath)!, "views", "alpha");
        foreach (string manifest in Directory.GetFiles(views, "MANIFEST-*", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(manifest, "no manifest");
        await rig.StartAsync();
        Assert.Equal(10, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task A_deleted_record_leaves_every_view()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        Offset doomed = await rig.AppendAsync(5);
        await rig.AppendAsync(5);
        Assert.Equal(10, await rig.CaughtUpAsync("alpha"));
        await rig.Alice.DeleteAsync(doomed);
        foreach (string view in new[] { "alpha", "beta" })
        {
            await rig.StatusAsync(view, status => status.State == ViewState.Live);
            Assert.Equal(9, await rig.CaughtUpAsync(view));
        }

        AppendRejectedException refused =
            await Assert.ThrowsAsync<AppendRejectedException>(async () => await rig.Alice.DeleteAsync(new Offset(3)));
        Assert.Equal(AppendRejection.NoSuchRecord, refused.Rejection);
    }

    private static void Hold(ManualResetEventSlim gate, bool isOld)
    {
        if (isOld) EngineRig.Wait(gate);
    }

    /// <summary>
    /// The order in which records behind a scan are applied: by the serving rows, and again by the fresh ones, which cause news
    /// when they begin.
    /// </summary>
    private sealed class ClosingIn(Offset scanned, Func<Offset> append)
    {
        private readonly Lock _lock = new();
        private readonly List<Offset> _applied = [];

        public Offset News { get; private set; } = Offset.None;

        public void Applies(Offset offset)
        {
            if (offset <= scanned) return;
            lock (_lock)
            {
                _applied.Add(offset);
                if (News.IsSome || _applied.IndexOf(offset) == _applied.Count - 1) return;
            }

            News = append();
        }

        public int FirstTime(Offset offset) => _applied.IndexOf(offset);

        public int SecondTime(Offset offset) => _applied.LastIndexOf(offset);
    }
}
