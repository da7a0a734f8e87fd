using Flume.TestKit;
using Xunit;

namespace Flume.Actors.Tests.Logs;

public sealed class ChecksummingTests
{
    [Fact]
    public async Task A_log_that_another_program_wrote_gets_its_checksums_while_it_is_served()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(5000);
        await rig.Engine.StopAsync();
        File.Delete(rig.LogPath + ".crc");

        await rig.StartAsync();

        await Until.TrueAsync(() => rig.Alice.Log.EndPosition - rig.Alice.Log.SealedPosition < 64 << 10,
            "all whole blocks have checksums");
    }
}
