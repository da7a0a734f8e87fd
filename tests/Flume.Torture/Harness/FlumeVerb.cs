using System.Diagnostics;

namespace Flume.Torture;

/// <summary>Runs verbs of the command line to their end.</summary>
internal static class FlumeVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>
    /// The exit code and everything that was written; the code is -1 when the verb does not end in time.
    /// </summary>
    public static async Task<(int Code, string Output)> RunAsync(TortureOptions options, params string[] args)
    {
        using Process process = Start(options, args);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill();
            return (-1, "no end after 3 minutes");
        }

        return (process.ExitCode, await output + await error);
    }

    /// <summary>Runs a verb and kills it after some time, unless it ended by then.</summary>
    public static async Task KillAsync(TortureOptions options, int afterMs, params string[] args)
    {
        using Process process = Start(options, args);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(afterMs));
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    private static Process Start(TortureOptions options, string[] args) =>
        Process.Start(new ProcessStartInfo(options.Flume, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
