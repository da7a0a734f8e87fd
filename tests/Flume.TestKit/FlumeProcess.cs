using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Flume.TestKit;

/// <summary>Runs the built program as a separate process.</summary>
internal sealed class FlumeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;

    private FlumeProcess(string[] args, params ReadOnlySpan<(string Name, string Value)> environment)
        : this(Path.GetTempPath(), args, environment)
    {
    }

    private FlumeProcess(string folder, string[] args, ReadOnlySpan<(string Name, string Value)> environment)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "flume"), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the program.</summary>
    public static FlumeProcess Start(params string[] args) => new(args);

    /// <summary>Starts the program in a folder.</summary>
    public static FlumeProcess StartIn(string folder, params string[] args) => new(folder, args, []);

    /// <summary>Starts the program with additional environment variables.</summary>
    public static FlumeProcess StartWith((string Name, string Value)[] environment, params string[] args) =>
        new(args, environment);

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        await using FlumeProcess flume = new(args);
        string output = await flume._process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        return (await flume.EndAsync(), output, await flume._error);
    }

    /// <summary>The next line of standard output; null at its end.</summary>
    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>The names of all files mapped by the process, including its assemblies.</summary>
    public string LoadedFiles() => File.ReadAllText($"/proc/{_process.Id}/maps");

    /// <summary>Sends SIGTERM, as an operator stops a service.</summary>
    public void Terminate() => Assert.Equal(0, Kill(_process.Id, SigTerm));

    /// <summary>Sends SIGKILL, which ends the process immediately.</summary>
    public void Crash() => _process.Kill();

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>The complete standard error, after the end of the process.</summary>
    public Task<string> ErrorAsync() => _error.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private const int SigTerm = 15;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
