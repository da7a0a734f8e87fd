using Flume.Views;
using Flume.Views.Rebuilds;

namespace Flume.Sql.Build;

/// <summary>Adds up what a build reports, for those who watch it.</summary>
internal sealed class BuildGauge(ViewBuild build)
{
    private readonly long _total = Math.Max(1, build.Log.EndPosition);
    private long _records;
    private long _bytes;

    /// <summary>A run of records is decoded.</summary>
    internal void Applied(int records, int bytes)
    {
        _records += records;
        _bytes += bytes;
        Report(BulkPhase.Scanning);
    }

    /// <summary>The indexes are made now.</summary>
    internal void Sealing() => Report(BulkPhase.Sealing);

    private void Report(BulkPhase phase) => build.Progress?.Report(new BulkProgress(_records, _bytes, _total, phase));
}
