using Flume.Host.Backup;

namespace Flume.Host.Cli;

/// <summary>Shows a backup or a restore on bars, one for each thing that is copied.</summary>
internal sealed class BackupBars(Func<string, IProgress<Amount>> bars) : IProgress<BackupProgress>
{
    private readonly Dictionary<string, IProgress<Amount>> shown = [];

    /// <inheritdoc/>
    public void Report(BackupProgress value)
    {
        IProgress<Amount>? bar;
        lock (shown)
        {
            if (!shown.TryGetValue(value.What, out bar)) shown[value.What] = bar = bars(value.What);
        }

        bar.Report(new Amount(value.Done, value.Total));
    }
}
