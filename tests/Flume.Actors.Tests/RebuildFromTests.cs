using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Store;
using Xunit;

namespace Flume.Actors.Tests;

/// <summary>Rebuilds that keep the rows of the records before an offset, and the views that refuse to.</summary>
public sealed class RebuildFromTests
{
    private static readonly ViewSelection Alpha = ViewSelection.One("alpha");

    [Fact]
    public async Task From_an_offset_on_only_the_records_there_are_applied_and_the_other_rows_stay()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha).StartAsync();
        await rig.AppendAsync(100);
        await rig.CaughtUpAsync("alpha");
        Offset from = rig.Alice.Log.Next(rig.Alice.Log.Head);
        await rig.AppendAsync(30);
        await rig.CaughtUpAsync("alpha");
        int applied = 0;
        alpha.Before = message =>
        {
            Assert.True(message.Offset >= from, $"{message.Offset} was applied");
            Interlocked.Increment(ref applied);
        };

        EngineRig.Accepted(await rig.Alice.RebuildAsync(Alpha, from));

        ViewStatus done = await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilding: null });
        Assert.Equal((130L, 0L, 30), (done.Rows["packed"], done.Rows["live"], applied));
        Assert.Equal(130, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task An_offset_where_no_record_starts_is_refused_with_the_last_one_that_does()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(10);
        await rig.CaughtUpAsync("alpha");
        foreach (long wrong in new[] { -1, 1, rig.Alice.Log.EndPosition })
        {
            CommandOutcome refused = await rig.Alice.RebuildAsync(Alpha, new Offset(wrong));
            Assert.Equal(
                $"View 'alpha' can't be rebuilt from offset {wrong}: no record starts there. Use an offset " +
                $"that a read has returned; the last is {rig.Alice.Log.Head}.", Assert.Single(refused.Views).Text);
        }

        await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilding: null });
    }

    [Fact]
    public async Task Rows_by_key_are_not_kept_in_part()
    {
        await using EngineRig rig = await new EngineRig("", new ByKey()).StartAsync();
        await rig.AppendAsync(10);
        await rig.StatusAsync("bykey", status => status.State == ViewState.Live && status.Since == rig.Alice.Log.Head);
        CommandOutcome refused = await rig.Alice.RebuildAsync(ViewSelection.One("bykey"), Offset.Zero);
        Assert.Equal("View 'bykey' can't be rebuilt from offset 0: it has rows by key, which do not name their " +
            "record. Omit 'from'.", Assert.Single(refused.Views).Text);
    }

    [Fact]
    public async Task A_view_that_owes_the_rows_of_a_deleted_record_is_rebuilt_whole()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(10);
        await rig.CaughtUpAsync("alpha");
        EngineRig.Accepted(await rig.Alice.PauseAsync(Alpha, "to owe it"));
        await rig.Alice.DeleteAsync(Offset.Zero);
        CommandOutcome refused = await rig.Alice.RebuildAsync(Alpha, rig.Alice.Log.Head);
        Assert.EndsWith("its rows of deleted records must be purged. Rebuild all of its rows.", Assert.Single(refused.Views).Text);
        EngineRig.Accepted(await rig.Alice.ResumeAsync(Alpha));
        await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilding: null });
        Assert.Equal(9, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task Live_rows_that_outgrew_are_packed_without_being_derived_again()
    {
        var wide = new Wide();
        await using EngineRig rig = await new EngineRig("", wide).StartAsync();
        const int Batch = 100;
        int records = 0;
        for (; records * Wide.Rows <= 250_000; records += Batch) await rig.AppendAsync(Batch);

        await rig.StatusAsync("wide", status => status.State == ViewState.Live && status.Since == rig.Alice.Log.Head
            && status.Rows["packed"] > 250_000 && status.Rows["packed"] + status.Rows["live"] == records * (long)Wide.Rows);
        // What came while the rest was packed may have gone into both stores.
        Assert.InRange(wide.Applied, records, records + Batch);
        // Nothing was lost: a rebuild from the log gives the same.
        EngineRig.Accepted(await rig.Alice.RebuildAsync(ViewSelection.One("wide")));
        await rig.StatusAsync("wide", status => status is { State: ViewState.Live, Rebuilding: null } && wide.Applied >= 2 * records);
        ViewStatus done = await rig.StatusAsync("wide", status => status is { State: ViewState.Live, Rebuilding: null });
        Assert.Equal(records * (long)Wide.Rows, done.Rows["packed"] + done.Rows["live"]);
    }

    [Fact]
    public async Task A_view_that_was_overtaken_keeps_its_rows_and_scans_what_is_left()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha).StartAsync();
        await rig.AppendAsync(100);
        await rig.CaughtUpAsync("alpha");
        EngineRig.Accepted(await rig.Alice.PauseAsync(Alpha, "to be overtaken"));
        Offset behind = rig.Alice.Log.Next(rig.Alice.Log.Head);
        ReadOnlyMemory<byte> large = System.Text.Encoding.UTF8.GetBytes(
            """{"key":"%k","value":{"content":{"type":"post","text":"TEXT"}}}""".Replace("TEXT", new string('x', 60_000)));
        await rig.Alice.AppendAsync([.. Enumerable.Repeat(large, 100)], Durability.Os);
        int applied = 0;
        alpha.Before = message =>
        {
            Assert.True(message.Offset >= behind, $"{message.Offset} was applied");
            Interlocked.Increment(ref applied);
        };

        EngineRig.Accepted(await rig.Alice.ResumeAsync(Alpha));

        Assert.Equal(200, await rig.CaughtUpAsync("alpha"));
        ViewStatus done = await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilding: null });
        Assert.Equal((200L, 0L, 100), (done.Rows["packed"], done.Rows["live"], applied));
    }

    private sealed class Wide : IView
    {
        public const int Rows = 500;

        private int _applied;

        public int Applied => Volatile.Read(ref _applied);

        public string Name => "wide";

        public int Version => 1;

        public void Apply(DecodedRecord message, RowSink rows)
        {
            Interlocked.Increment(ref _applied);
            for (ulong i = 0; i < Rows; i++) rows.Post(1, i, 0);
        }
    }

    private sealed class ByKey : IView
    {
        public string Name => "bykey";

        public int Version => 1;

        public void Apply(DecodedRecord message, RowSink rows) => rows.Put([1], [2]);
    }
}
