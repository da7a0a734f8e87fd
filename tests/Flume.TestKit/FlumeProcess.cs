using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Flume.TestKit;

/// <summary>The built program as a process of its own.</summary>
internal sealed class FlumeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task<string> error;

    private FlumeProcess(string[] args, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "flume"), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        process = Process.Start(start)!;
        error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it and leaves it running.</summary>
    public static FlumeProcess Start(params string[] args) => new(args);

    /// <summary>Starts it with more in its environment.</summary>
    public static FlumeProcess StartWith((string Name, string Value)[] environment, params string[] args) =>
        new(args, environment);

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        await using FlumeProcess flume = new(args);
        string output = await flume.process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        return (await flume.EndAsync(), output, await flume.error);
    }

    /// <summary>The next line of standard output; null at its end.</summary>
    public async Task<string?> ReadLineAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>The names of all files that the process has mapped: its assemblies among them.</summary>
    public string LoadedFiles() => File.ReadAllText($"/proc/{process.Id}/maps");

    /// <summary>Sends SIGTERM, as an operator stops a service.</summary>
    public void Terminate() => Assert.Equal(0, Kill(process.Id, SigTerm));

    /// <summary>Sends SIGKILL: it gets no chance to do anything.</summary>
    public void Crash() => process.Kill();

    /// <summary>Waits for the end; the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>Everything written to standard error, once it has ended.</summary>
    public Task<string> ErrorAsync() => error.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private const int SigTerm = 15;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
