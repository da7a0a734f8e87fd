using System.Diagnostics;

namespace Flume.Benchmarks.Tables;

/// <summary>Programs run to their end: what they print, and what the clock says of the whole process.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program; its errors go to ours.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<Finished> RunAsync(string program, params IEnumerable<string> args)
    {
        string[] given = [.. args];
        long start = Stopwatch.GetTimestamp();
        ProcessStartInfo info = new(program, given) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(info)
            ?? throw new InvalidOperationException($"{program} could not be started.");
        string output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        double wallMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return process.ExitCode == 0
            ? new Finished(output, wallMs)
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', given)} ended with code {process.ExitCode}; it should have ended with 0.");
    }
}

/// <summary>A program that ended well.</summary>
/// <param name="Output">What it printed.</param>
/// <param name="WallMs">From before its start until after its end, milliseconds.</param>
internal sealed record Finished(string Output, double WallMs);
