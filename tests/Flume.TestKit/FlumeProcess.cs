using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Flume.TestKit;

/// <summary>Runs the built program as a separate process.</summary>
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

    /// <summary>Starts the program.</summary>
    public static FlumeProcess Start(params string[] args) => new(args);

    /// <summary>Starts the program with additional environment variables.</summary>
    public static FlumeProcess StartWith((string Name, string Value)[] environment, params string[] args) =>
        new(args, environment);

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        await using FlumeProcess flume = new(args);
        string output = await flume.process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        return (await flume.EndAsync(), output, await flume.error);
    }

    /// <summary>The next line of standard output; null at its end.</summary>
    public async Task<string?> ReadLineAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>The names of all files mapped by the process, including its assemblies.</summary>
    public string LoadedFiles() => File.ReadAllText($"/proc/{process.Id}/maps");

    /// <summary>Sends SIGTERM, as an operator stops a service.</summary>
    public void Terminate() => Assert.Equal(0, Kill(process.Id, SigTerm));

    /// <summary>Sends SIGKILL, which ends the process immediately.</summary>
    public void Crash() => process.Kill();

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>The complete standard error, after the end of the process.</summary>
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
