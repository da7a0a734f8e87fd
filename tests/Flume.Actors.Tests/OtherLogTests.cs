using System.Text;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.TestKit;
using Flume.Views;
using Flume.Views.Store;
using Xunit;

namespace Flume.Actors.Tests;

/// <summary>Rows are of one log; files are their owner's alone; a link is never followed.</summary>
public sealed class OtherLogTests
{
    [Fact]
    public async Task A_log_that_was_replaced_leads_to_a_rebuild_by_itself()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(5);
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
        await rig.Engine.StopAsync();
        File.Delete(rig.LogPath);
        File.Delete(rig.LogPath + ".crc");
        using (OffsetLog other = OffsetLog.Open(rig.LogPath))
        {
            for (int i = 0; i < 5; i++)
                other.Append(Encoding.UTF8.GetBytes(new string('x', EngineRig.Message(i).Length)), Durability.Os);
            other.Append(EngineRig.Message(9), Durability.Fsync);
        }

        await rig.StartAsync();

        Assert.Equal(1, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task Rows_of_the_same_log_go_on_after_a_restart_a_rebuild_and_a_delete_of_the_newest_record()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(5);
        await rig.CaughtUpAsync("alpha");
        await rig.Alice.RebuildAsync(ViewSelection.All);
        await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilding: null });
        await rig.RestartAsync();
        string folder = Path.Combine(rig.DataDirectory, "identities", "alice", "views", "alpha");
        string[] stores = Directory.GetDirectories(folder);

        await rig.RestartAsync();
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));

        Assert.Equal(stores, Directory.GetDirectories(folder));
    }

    [Fact]
    public async Task A_key_pair_that_was_added_or_exchanged_leads_to_a_rebuild_by_itself()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(5);
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
        await rig.Engine.StopAsync();
        string folder = Path.Combine(rig.DataDirectory, "identities", "alice");
        string[] before = Directory.GetDirectories(Path.Combine(folder, "views", "alpha"));
        File.Delete(Path.Combine(folder, "secret"));
        SecretFile.ReadOrCreate(Path.Combine(folder, "secret"));

        await rig.StartAsync();

        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
        await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilds: 1 });
        Assert.NotEqual(before, Directory.GetDirectories(Path.Combine(folder, "views", "alpha")));
    }

    [Fact]
    public async Task An_identity_of_links_is_refused_and_what_they_name_is_left_as_it_is()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        string victim = Path.Combine(rig.DataDirectory, "victim");
        await File.WriteAllTextAsync(victim, "root:x:0:0:root:/root:/bin/bash");
        string folder = Path.Combine(rig.DataDirectory, "identities", "link");
        Directory.CreateDirectory(folder);
        File.CreateSymbolicLink(Path.Combine(folder, "log.offset"), victim);
        Directory.CreateSymbolicLink(Path.Combine(rig.DataDirectory, "identities", "whole"), folder);

        foreach (string name in new[] { "link", "whole" })
        {
            var refused = await Assert.ThrowsAsync<IdentityRejectedException>(() => rig.Engine.OpenAsync(name));
            Assert.IsType<LogFormatException>(refused.InnerException);
        }

        Assert.Equal("root:x:0:0:root:/root:/bin/bash", await File.ReadAllTextAsync(victim));
    }

    [Fact]
    public async Task What_an_identity_keeps_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        await using EngineRig rig = await new EngineRig("", [.. SsbViews.Catalog.Views]).StartAsync();
        await rig.AppendAsync(5);
        await rig.CaughtUpAsync("feeds");
        string own = Path.Combine(rig.DataDirectory, "identities", "alice");
        foreach (string file in Directory.GetFiles(own).Append(Path.Combine(rig.DataDirectory, "journal.offset")))
            Assert.Equal((file, OwnerFile.FileMode0600), (file, File.GetUnixFileMode(file)));
        Assert.Contains(Directory.GetFiles(own), file => Path.GetFileName(file).StartsWith("boxes-", StringComparison.Ordinal));
        foreach (string folder in Directory.GetDirectories(own, "*", SearchOption.AllDirectories).Append(own))
            Assert.Equal((folder, OwnerFile.FolderMode0700), (folder, File.GetUnixFileMode(folder)));
    }
}
