using System.Diagnostics;
using Flume.TestKit;

namespace Flume.SystemTests.Host;

/// <summary>packaging/install.sh below a root of its own, with programs that only say their version.</summary>
public sealed class InstallTests
{
    private static readonly string Script = TempLog.RepositoryPath("packaging", "install.sh");

    [Fact]
    public async Task Versions_lie_beside_each_other_and_one_step_switches_between_them()
    {
        using TempFolder folder = new();
        string opt = folder["root", "opt", "flume"];
        string first = await InstallAsync(folder, "1.0.0"), second = await InstallAsync(folder, "1.1.0");
        Assert.StartsWith("1.0.0-", first);
        Assert.StartsWith("1.1.0-", second);
        Assert.Contains("1.1.0", await File.ReadAllTextAsync(Path.Combine(opt, "current", "bin", "flume")));
        Assert.Contains("1.0.0", await File.ReadAllTextAsync(Path.Combine(opt, first, "bin", "flume")));

        Assert.Equal((0, first), (await RunAsync(folder, "1.1.0", "--rollback"), Current(opt)));
        Assert.Equal((0, second), (await RunAsync(folder, "1.1.0", "--rollback"), Current(opt)));
        Assert.Equal((0, second), (await RunAsync(folder, "1.1.0"), Current(opt)));
        Assert.Equal(first, new DirectoryInfo(Path.Combine(opt, "previous")).LinkTarget);
    }

    [Fact]
    public async Task Old_versions_go_but_never_the_one_to_go_back_to_and_without_one_nothing_changes()
    {
        using TempFolder folder = new();
        string opt = folder["root", "opt", "flume"];
        string only = await InstallAsync(folder, "1.0.0");
        Assert.Equal((1, only), (await RunAsync(folder, "1.0.0", "--rollback"), Current(opt)));
        string last = only, before = only;
        for (int minor = 1; minor <= 5; minor++) (before, last) = (last, await InstallAsync(folder, $"1.{minor}.0"));
        string[] left = [.. Directory.GetDirectories(opt).Where(path => new DirectoryInfo(path).LinkTarget is null).Select(path => Path.GetFileName(path)!)];
        Assert.Equal(3, left.Length);
        Assert.Contains(before, left);
        Assert.Equal(last, Current(opt));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(opt), path => Path.GetFileName(path).StartsWith('.'));
    }

    private static string Current(string opt) => new DirectoryInfo(Path.Combine(opt, "current")).LinkTarget!;

    private static async Task<string> InstallAsync(TempFolder folder, string version)
    {
        Assert.Equal(0, await RunAsync(folder, version));
        return Current(folder["root", "opt", "flume"]);
    }

    /// <summary>Runs the script of a published version.</summary>
    private static async Task<int> RunAsync(TempFolder folder, string version, params string[] args)
    {
        string published = folder[$"publish-{version}"], program = Path.Combine(published, "bin", "flume");
        Directory.CreateDirectory(Path.Combine(published, "bin"));
        File.Copy(Script, Path.Combine(published, "install.sh"), overwrite: true);
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho '{{\"version\":\"{version}\"}}'\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        ProcessStartInfo start = new("/bin/bash", [Path.Combine(published, "install.sh"), .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["FLUME_ROOT"] = folder["root"] },
        };
        using Process bash = Process.Start(start)!;
        Task<string> output = bash.StandardOutput.ReadToEndAsync(), error = bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(bash.ExitCode is 0 or 1, await output + await error);
        return bash.ExitCode;
    }
}
