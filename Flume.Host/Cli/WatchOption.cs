using System.CommandLine;
using System.Globalization;

namespace Flume.Host.Cli;

/// <summary><c>--watch</c>: prints a state repeatedly, in place on a terminal, else as consecutive blocks.</summary>
internal static class WatchOption
{
    private const string ClearScreen = "\e[H\e[2J\e[3J";

    public static Option<double?> Create() => new("--watch")
    {
        Description = "Show it again every so many seconds (1) until Ctrl-C",
        HelpName = "SECONDS",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = static typed =>
        {
            if (typed.Tokens.Count == 0) return 1;
            string seconds = typed.Tokens[0].Value;
            if (double.TryParse(seconds, CultureInfo.InvariantCulture, out double every) && every is > 0 and < 86_400)
                return every;
            typed.AddError($"--watch {seconds} makes no sense. Expected seconds, e.g. 0.5.");
            return null;
        },
    };

    /// <summary>Runs once, or every <paramref name="seconds"/> seconds if given.</summary>
    public static async Task<int> RunAsync(
        Output output, double? seconds, Func<Task<int>> show, CancellationToken cancel)
    {
        if (seconds is not { } every) return await show().ConfigureAwait(false);
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(every));
        try
        {
            do
            {
                if (output.IsTerminal) output.Raw(ClearScreen);
                await show().ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C ends the loop normally.
        }

        return ExitCode.Ok;
    }
}
