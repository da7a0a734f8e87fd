using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;

namespace Flume.Actors.Tests;

public sealed class EngineTests
{
    [Fact]
    public async Task What_was_appended_is_seen_by_every_fresh_read_after_it()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        for (int round = 1; round <= 50; round++)
        {
            await rig.AppendAsync(3, round % 10 == 0 ? Durability.Fsync : Durability.Os);
            Assert.Equal(round * 3, await rig.CaughtUpAsync("alpha"));
            Assert.Equal(round * 3, await rig.CaughtUpAsync("beta"));
        }
    }

    [Fact]
    public async Task Rows_survive_a_restart_and_go_on_from_there()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(100);
        await rig.CaughtUpAsync("alpha");
        await rig.RestartAsync();
        using (ViewRead old = await rig.Alice.ReadAsync("alpha", ReadFreshness.NoWait)) Assert.Equal(rig.Alice.Log.Head, old.Since);
        await rig.AppendAsync(10);
        Assert.Equal(110, await rig.CaughtUpAsync("alpha"));
    }
}
