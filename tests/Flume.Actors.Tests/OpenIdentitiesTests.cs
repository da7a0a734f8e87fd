using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Actors.Tests;

/// <summary>At most flume.identities.open-max identities are open; the least used one closes for another.</summary>
public sealed class OpenIdentitiesTests
{
    [Fact]
    public async Task More_identities_than_may_be_open_are_all_read_and_written()
    {
        await using EngineRig rig = await new EngineRig("flume.identities.open-max = 3", new TestView("alpha")).StartAsync();
        List<IIdentity> all = [];
        for (int i = 0; i < 12; i++) all.Add(await rig.Engine.CreateAsync("id" + i));
        foreach (int seed in TestSeed.Draw(1))
        {
            var random = new Random(seed);
            int[] appended = new int[all.Count];
            for (int round = 0; round < 10; round++)
            {
                int[] chosen = [.. Enumerable.Range(0, 8).Select(_ => random.Next(all.Count))];
                await Task.WhenAll(chosen.Select(async i =>
                {
                    await all[i].AppendAsync([EngineRig.Message(round)], Durability.Os);
                    Interlocked.Increment(ref appended[i]);
                    Assert.True(all.Count(one => one.IsOpen) <= 3, $"FLUME_SEED={seed}: more than three are open");
                }));
            }

            for (int i = 0; i < all.Count; i++)
            {
                using ViewRead read = await all[i].ReadAsync("alpha", ReadFreshness.Fresh);
                Assert.Equal(appended[i], read.Rows.Count(1, PostingRange.All));
            }
        }
    }

    [Fact]
    public async Task The_identity_whose_last_call_is_oldest_closes()
    {
        await using EngineRig rig = await new EngineRig("flume.identities.open-max = 2", new TestView("alpha")).StartAsync();
        IIdentity bob = await rig.Engine.CreateAsync("bob");
        await rig.Alice.StatusAsync();
        await rig.AppendAsync(1); // alice was used after bob
        IIdentity carol = await rig.Engine.CreateAsync("carol");
        Assert.Equal((true, false, true), (rig.Alice.IsOpen, bob.IsOpen, carol.IsOpen));
    }

    [Fact]
    public async Task An_identity_with_a_call_under_way_stays_open_and_another_waits_for_its_turn()
    {
        await using EngineRig rig = await new EngineRig("flume.identities.open-max = 1", new TestView("alpha")).StartAsync();
        using var leaves = new CancellationTokenSource();
        Task<Offset> waiting = rig.Alice.WaitForHeadAsync(Offset.None, leaves.Token).AsTask();
        Task<IIdentity> creating = rig.Engine.CreateAsync("bob");
        await Task.Delay(300); // several searches
        Assert.False(creating.IsCompleted);
        Assert.True(rig.Alice.IsOpen);
        await leaves.CancelAsync();
        await Record.ExceptionAsync(() => waiting);
        IIdentity bob = await creating;
        Assert.Equal((false, true), (rig.Alice.IsOpen, bob.IsOpen));
    }

    [Theory]
    [InlineData(16L << 30, 1024, 5)]
    [InlineData(16L << 30, 1_000_000, 2048)]
    [InlineData(256L << 20, 1_000_000, 32)]
    [InlineData(64L << 20, 100, 4)]
    public void As_many_may_be_open_as_memory_and_open_files_allow(long memory, long files, int expected) =>
        Assert.Equal(expected, IdentitySettings.Affordable(memory, files));
}
