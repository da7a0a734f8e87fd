using Spectre.Console;

namespace Flume.Host.Cli;

/// <summary>Shows the progress of long work: bars on a terminal, nothing in a pipe.</summary>
internal static class Progress
{
    /// <summary>Runs work that reports to the bars it creates.</summary>
    public static Task<T> RunAsync<T>(Output output, Func<Func<string, IProgress<Amount>>, Task<T>> work) =>
        output.IsWatched ? ShowAsync(work) : work(_ => Silent.Instance);

    private static Task<T> ShowAsync<T>(Func<Func<string, IProgress<Amount>>, Task<T>> work)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new DownloadedColumn { Base = FileSizeBase.Decimal },
                new TransferSpeedColumn { Base = FileSizeBase.Decimal },
                new RemainingTimeColumn())
            .StartAsync(context => work(name => new Bar(context.AddTask(Markup.Escape(name), maxValue: 1))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<Amount>
    {
        public void Report(Amount value)
        {
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = value.Done;
        }
    }

    private sealed class Silent : IProgress<Amount>
    {
        public static readonly Silent Instance = new();

        public void Report(Amount value)
        {
        }
    }
}

/// <summary>The progress of one piece of work, in bytes.</summary>
internal readonly record struct Amount(long Done, long Total);
