using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Actors.Tests;

public sealed class DamageTests
{
    [Fact]
    public async Task Damage_that_a_view_meets_makes_this_log_read_only_and_names_the_offset_while_others_go_on()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha).StartAsync();
        IIdentity bob = await rig.Engine.CreateAsync("bob");
        await rig.AppendAsync(10);
        await rig.CaughtUpAsync("alpha");
        var damaged = new Offset(rig.Alice.Log.EndPosition);
        using ManualResetEventSlim taken = new(), gate = new();
        alpha.Before = _ =>
        {
            taken.Set();
            EngineRig.Wait(gate);
        };
        await rig.AppendAsync(1);
        EngineRig.Wait(taken); // what comes now is in no step yet, so it is read after it was damaged
        await rig.AppendAsync(10);
        Damage(rig.LogPath, rig.Alice.Log.Next(damaged));
        gate.Set();

        ViewStatus faulted = await rig.StatusAsync("alpha", status => status.State == ViewState.Faulted);
        Assert.Contains("is damaged at offset", faulted.LastError);
        Assert.Equal(0, faulted.Restarts);
        AppendRejectedException refused = await Assert.ThrowsAsync<AppendRejectedException>(() => rig.AppendAsync(1));
        Assert.Equal(AppendRejection.ReadOnly, refused.Rejection);
        Assert.Contains("is damaged at offset", refused.Message);
        using (ViewRead old = await rig.Alice.ReadAsync("alpha", ReadFreshness.NoWait))
            Assert.Equal((ViewState.Faulted, faulted.Since), (old.State, old.Since));

        await bob.AppendAsync([EngineRig.Message(1)], Flume.Log.Durability.Os);
        using ViewRead others = await bob.ReadAsync("alpha", ReadFreshness.Fresh);
        Assert.Equal(1, others.Rows.Count(1, PostingRange.All));
    }

    [Fact]
    public async Task Damage_that_a_rebuild_meets_leaves_the_old_rows_and_makes_the_log_read_only()
    {
        await using EngineRig rig = await new EngineRig("", new TestView("alpha")).StartAsync();
        await rig.AppendAsync(20);
        await rig.CaughtUpAsync("alpha");
        Damage(rig.LogPath, rig.Alice.Log.Next(Offset.Zero));
        EngineRig.Accepted(await rig.Alice.RebuildAsync(ViewSelection.All));
        ViewStatus status = await rig.StatusAsync("alpha", status => status is { Rebuilding: null, LastError: not null });
        Assert.Contains("is damaged at offset", status.LastError);
        await Assert.ThrowsAsync<AppendRejectedException>(() => rig.AppendAsync(1));
        Assert.Equal(20, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task A_torn_end_is_cut_at_opening_and_the_views_agree()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(10);
        await rig.CaughtUpAsync("alpha");
        await rig.Engine.StopAsync();
        using (FileStream log = File.OpenWrite(rig.LogPath)) log.SetLength(log.Length - 5);
        await rig.StartAsync();
        Assert.Equal(9, await rig.CaughtUpAsync("alpha"));
        await rig.AppendAsync(1);
        Assert.Equal(10, await rig.CaughtUpAsync("beta"));
    }

    [Fact]
    public async Task A_malformed_record_is_skipped_and_counted_and_the_view_goes_on()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(5);
        await rig.CaughtUpAsync("alpha");
        await rig.Alice.AppendAsync(["no JSON"u8.ToArray(), EngineRig.Message(6)], Flume.Log.Durability.Os);
        Assert.Equal(6, await rig.CaughtUpAsync("alpha"));
        Assert.Equal(1, (await rig.StatusAsync("alpha", _ => true)).Skipped);
        EngineRig.Accepted(await rig.Alice.RebuildAsync(ViewSelection.One("alpha")));
        ViewStatus rebuilt = await rig.StatusAsync("alpha", status => status.State == ViewState.Live);
        Assert.Equal((1L, 6L), (rebuilt.Skipped, await rig.CaughtUpAsync("alpha")));
    }

    private static void Damage(string path, Offset offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Position = offset.Value;
        file.Write([0xff, 0xff]);
    }
}
