using Flume.Log;

namespace Flume.Host.Cli;

/// <summary>Shows the progress of a log scan on a bar.</summary>
internal sealed class LogBar(IProgress<Amount> bar) : IProgress<LogProgress>
{
    /// <inheritdoc/>
    public void Report(LogProgress value) => bar.Report(new Amount(value.Position, value.EndPosition));
}
