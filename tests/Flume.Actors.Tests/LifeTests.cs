using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Actors.Tests;

public sealed class LifeTests
{
    [Fact]
    public async Task Many_identities_live_side_by_side()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        var others = new List<IIdentity>();
        for (int i = 0; i < 10; i++) others.Add(await rig.Engine.CreateAsync($"pub-{i}"));
        await Task.WhenAll(others.Select((one, i) => Task.Run(async () =>
        {
            for (int n = 0; n <= i; n++) await one.AppendAsync([EngineRig.Message(n)], Durability.Os);
        })));
        for (int i = 0; i < others.Count; i++)
        {
            using ViewRead read = await others[i].ReadAsync("alpha", ReadFreshness.Fresh);
            Assert.Equal(i + 1, read.Rows.Count(1, PostingRange.All));
        }

        Assert.Equal(11, rig.Engine.Names.Count);
        Assert.Equal(11, rig.Engine.Names.Select(name => rig.Engine.OpenAsync(name).Result.Keys!.Id).Distinct().Count());
    }

    [Fact]
    public async Task Stopping_finishes_what_was_taken_and_refuses_what_comes()
    {
        await using EngineRig rig = await new EngineRig("flume.append.group-delay-ms = 100").StartAsync();
        Task<Offset>[] appends = [.. Enumerable.Range(0, 50).Select(_ => rig.AppendAsync(1))];
        Task stopping = rig.Engine.StopAsync();
        int appended = 0;
        foreach (Task<Offset> append in appends)
        {
            try
            {
                await append;
                appended++;
            }
            catch (AppendRejectedException refused)
            {
                Assert.Equal(AppendRejection.Stopping, refused.Rejection);
            }
        }

        await stopping;
        AppendRejectedException late = await Assert.ThrowsAsync<AppendRejectedException>(() => rig.AppendAsync(1));
        Assert.Equal(AppendRejection.Stopping, late.Rejection);
        await rig.StartAsync();
        Assert.Equal(appended, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task One_process_writes_a_log_and_a_second_engine_is_told_so_or_follows()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(3);
        IdentityFiles files = IdentityFiles.In(Path.GetDirectoryName(rig.LogPath)!) with { Own = Path.Combine(rig.DataDirectory, "second") };
        await using (EngineRig refused = await new EngineRig().StartAsync())
        {
            IdentityRejectedException locked =
                await Assert.ThrowsAsync<IdentityRejectedException>(() => refused.Engine.OpenAsync("other", files));
            Assert.Contains("already open for writing", locked.Message);
        }

        await using EngineRig follower = await new EngineRig(
            "flume { identities.follow-locked-logs = on, log.follow-poll-ms = 5 }").StartAsync();
        IIdentity followed = await follower.Engine.OpenAsync("other", files);
        Offset head = await rig.AppendAsync(3);
        await followed.WaitForHeadAsync(new Offset(head.Value - 1));
        using ViewRead read = await followed.ReadAsync("alpha", ReadFreshness.AtLeast(head));
        Assert.Equal(6, read.Rows.Count(1, PostingRange.All));
        AppendRejectedException refusal = await Assert.ThrowsAsync<AppendRejectedException>(
            async () => await followed.AppendAsync([EngineRig.Message(1)], Durability.Os));
        Assert.Contains("is only read here", refusal.Message);
    }

    [Fact]
    public async Task A_log_that_can_not_be_opened_says_why_and_opens_once_it_can()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        string folder = Path.Combine(rig.DataDirectory, "identities", "carol");
        Directory.CreateDirectory(folder);
        using (OffsetLog.Open(Path.Combine(folder, "log.offset")))
        {
            IdentityRejectedException locked =
                await Assert.ThrowsAsync<IdentityRejectedException>(() => rig.Engine.OpenAsync("carol"));
            Assert.Contains("this process", locked.Message);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                Assert.Null((await rig.Engine.OpenAsync("carol")).Keys);
                return;
            }
            catch (IdentityRejectedException) when (!patience.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task An_identity_that_nobody_uses_closes_and_opens_again_by_itself()
    {
        await using EngineRig rig = await new EngineRig("flume.identities.idle-out-ms = 100").StartAsync();
        await rig.AppendAsync(5);
        await rig.CaughtUpAsync("alpha");
        OffsetLog first = rig.Alice.Log;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (IsOpen(rig.Alice)) await Task.Delay(10, patience.Token);
        while (!IsFree(rig.LogPath)) await Task.Delay(10, patience.Token);
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
        await rig.AppendAsync(1);
        Assert.Equal(6, await rig.CaughtUpAsync("beta"));
        Assert.NotSame(first, rig.Alice.Log);
    }

    [Fact]
    public async Task Being_looked_at_again_and_again_keeps_no_identity_open()
    {
        await using EngineRig rig = await new EngineRig("flume.identities.idle-out-ms = 300").StartAsync();
        await rig.AppendAsync(1);
        await rig.CaughtUpAsync("alpha");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (rig.Alice.IsOpen)
        {
            await rig.Alice.LogStatusAsync(patience.Token);
            await rig.Alice.StatusAsync(patience.Token);
            await Task.Delay(20, patience.Token);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Alice")]
    [InlineData("../alice")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    public async Task A_name_that_is_no_folder_and_no_address_is_refused(string name)
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        Assert.Contains("can't name an identity", (await Assert.ThrowsAsync<IdentityRejectedException>(() => rig.Engine.CreateAsync(name))).Message);
    }

    [Fact]
    public async Task An_unknown_identity_lists_those_there_are_and_a_taken_name_is_refused()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        Assert.Equal(
            "No identity is named 'dora'. Identities are alice.",
            (await Assert.ThrowsAsync<IdentityRejectedException>(() => rig.Engine.OpenAsync("dora"))).Message);
        await Assert.ThrowsAsync<IdentityRejectedException>(() => rig.Engine.CreateAsync("alice"));
        Assert.Same(rig.Alice, await rig.Engine.OpenAsync("alice"));
    }

    [Fact]
    public void A_view_that_settings_name_and_the_catalog_lacks_stops_the_start() =>
        Assert.Contains("'nonsense'", Assert.Throws<SettingsException>(() => FlumeEngine.Start(
            FlumeSettings.Parse($"flume {{ views.names = [nonsense], directory = \"{Path.GetTempPath()}\" }}", "test"))).Message);

    /// <summary>True when another program could take the log: the lock goes last.</summary>
    private static bool IsFree(string log)
    {
        try
        {
            OffsetLog.Open(log).Dispose();
            return true;
        }
        catch (LogLockedException)
        {
            return false;
        }
    }

    private static bool IsOpen(IIdentity identity)
    {
        try
        {
            return identity.Log is not null;
        }
        catch (IdentityRejectedException)
        {
            return false;
        }
    }
}
