using System.Diagnostics;
using Flume.TestKit;

namespace Flume.SystemTests.Samples;

/// <summary>The packages in a folder, and the samples outside of the repository, as a stranger has both.</summary>
/// <remarks>Each feed has a version of its own, so that no cache of packages answers with an earlier one.</remarks>
public sealed class SampleFeed : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flume-samples-");

    public SampleFeed()
    {
        string root = TempLog.RepositoryPath();
        Run(root, "bash", Path.Combine(root, "packaging", "pack.sh"), Packages, Version);
        CopyFolder(Path.Combine(root, "samples"), Path.Combine(_folder.FullName, "samples"));
    }

    public string Version { get; } = $"0.2.0-samples.{Environment.ProcessId}.{Environment.TickCount64}";

    public string Packages => Path.Combine(_folder.FullName, "packages");

    /// <summary>Builds a sample from the packages; the folder of its files.</summary>
    public string Build(string sample)
    {
        string folder = Path.Combine(_folder.FullName, "samples", sample);
        string output = Path.Combine(folder, "out");
        Run(folder, "dotnet", "build", "-c", "Release", "-v", "q", "--nologo", "-o", output,
            $"-p:FlumeVersion={Version}", $"-p:RestoreAdditionalProjectSources={Packages}");
        return output;
    }

    /// <summary>An empty folder outside of the repository whose nuget.config adds the packages to the sources there are.</summary>
    public string Stranger(string name)
    {
        string folder = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration><packageSources><add key="flume" value="{Packages}" /></packageSources></configuration>
            """);
        return folder;
    }

    /// <summary>Runs a program to its end; what it wrote.</summary>
    public static string Run(string folder, string program, params string[] args)
    {
        (int exit, string text) = RunToEnd(folder, program, args);
        Assert.True(exit == 0, $"{program} {string.Join(' ', args)}\n{text}");
        return text;
    }

    /// <summary>Runs a program to its end; its exit code, and what it wrote.</summary>
    public static (int Exit, string Text) RunToEnd(string folder, string program, params string[] args)
    {
        using Process process = Start(folder, program, args);
        Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        bool ended = process.WaitForExit(Patience);
        if (!ended) process.Kill(entireProcessTree: true);
        return (ended ? process.ExitCode : -1, $"{output.Result}\n{error.Result}");
    }

    /// <summary>Starts a program.</summary>
    public static Process Start(string folder, string program, params string[] args)
    {
        ProcessStartInfo start = new(program, args)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return Process.Start(start)!;
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        if (!Directory.Exists(cache)) return;
        foreach (string package in Directory.EnumerateDirectories(cache, "flume.*"))
        {
            string own = Path.Combine(package, Version);
            if (Directory.Exists(own)) Directory.Delete(own, recursive: true);
        }
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(from, file);
            if (relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "flume-data")) continue;
            string target = Path.Combine(to, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
