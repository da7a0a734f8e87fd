using System.Diagnostics;
using Flume.Ssb.Api;

namespace Flume.Sql.Tests;

/// <summary>A disk of the view's own that is full, and then has room.</summary>
[Trait("Category", "Slow")]
public class FullDiskTests
{
    [MountFact]
    public async Task A_full_disk_stops_this_view_alone_and_the_view_goes_on_when_there_is_room()
    {
        await using var rig = new SqlRig();
        Directory.CreateDirectory(rig.ViewFolder);
        Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", rig.ViewFolder);
        try
        {
            await rig.StartAsync();
            await rig.AppendAsync(OddLogs.Make(new Random(4), 4000));
            await rig.UntilAsync(status => status.Restarts > 0);
            ViewStatus other = await rig.UntilAsync(status => status.Since == status.Head, "hashmap");
            Assert.Equal(ViewState.Live, other.State);
            await rig.AppendAsync([EngineTests.Post("%more", "x")]);

            Run("mount", "-o", "remount,size=64m", rig.ViewFolder);
            if ((await rig.UntilAsync(_ => true)).State == ViewState.Faulted) await rig.Alice.ResumeAsync(ViewSelection.One("sql"));
            await rig.LiveAsync();
            rig.RequireRebuiltEqual();
            await rig.Engine.StopAsync();
        }
        finally
        {
            Run("umount", "-l", rig.ViewFolder);
        }
    }

    private static void Run(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}

/// <summary>A test that mounts a disk: skipped, with the reason, for users who may not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        if (!MayMount()) Skip = "Only root may mount a disk of a given size.";
    }

    private static bool MayMount()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return false;
        string folder = Directory.CreateTempSubdirectory("flume-mount-").FullName;
        try
        {
            using Process mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder])
            {
                RedirectStandardError = true,
            })!;
            mount.WaitForExit();
            if (mount.ExitCode != 0) return false;
            using Process unmount = Process.Start("umount", [folder]);
            unmount.WaitForExit();
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
