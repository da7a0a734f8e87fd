namespace Flume.Log;

/// <summary>
/// Verifies every record of a log and lists the damage. Verification continues after each damaged section.
/// </summary>
/// <remarks>
/// It writes nothing and takes no lock. A log in use is verified up to its head at the start.
/// </remarks>
public static class LogVerifier
{
    /// <summary>Verifies the log at <paramref name="path"/>.</summary>
    /// <exception cref="LogFormatException">The file is not an offset log, or its width is unknown.</exception>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public static LogVerifyReport Verify(
        string path,
        LogVerifyOptions? options = null,
        IProgress<LogProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var opening = new LogOptions { ReadOnly = true, Width = options?.Width };
        using OffsetLog log = OffsetLog.Open(path, opening);
        return Verify(log, options, progress, cancellation);
    }

    /// <summary>Verifies an open log up to its head.</summary>
    public static LogVerifyReport Verify(
        OffsetLog log,
        LogVerifyOptions? options = null,
        IProgress<LogProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        long started = TimeProvider.System.GetTimestamp();
        HeadMark mark = log.Mark;
        var report = new LogVerifyReport
        {
            Path = log.Path,
            Width = log.Width,
            Head = mark.Last,
            EndPosition = mark.End,
            TornBytes = log.Recovery.CutFile is null ? log.Recovery.TornBytes : 0,
        };
        using var walk = new FrameScanner(log.Bytes, log.Settings, mark.End);
        var findings = new Findings(log.Check, options ?? new LogVerifyOptions(), report);
        while (walk.Next() is { } step)
        {
            cancellation.ThrowIfCancellationRequested();
            findings.Take(step);
            progress?.Report(new LogProgress(walk.Position, mark.End, report.Records));
        }

        report.Elapsed = TimeProvider.System.GetElapsedTime(started);
        return report;
    }

    /// <summary>
    /// Collects the results of a scan in the report. It compares checksums while their bytes are in the page cache.
    /// </summary>
    private sealed class Findings(ChecksumVerifier check, LogVerifyOptions options, LogVerifyReport report)
    {
        private readonly List<LogDamage> _damage = [];
        private long _damagedTo;
        private int _block;

        public void Take(WalkStep step)
        {
            report.Records += step.Records;
            report.Deleted += step.Deleted;
            if (step.Reason is { } reason)
            {
                Add(new LogDamage(new Offset(step.From), step.To - step.From, reason));
                _damagedTo = step.To;
            }

            if (options.CompareChecksums)
                Compare(step.To);
            report.Damage = _damage;
        }

        private void Add(LogDamage place)
        {
            report.DamageCount++;
            if (_damage.Count < options.DamageListedMax)
                _damage.Add(place);
        }

        // The damage of a broken frame in this block is already reported.
        private void Compare(long to)
        {
            for (; _block < check.BlocksWithChecksum && check.EndOf(_block) <= to; _block++)
            {
                report.BlocksCompared++;
                if (check.EndOf(_block) - check.BlockBytes >= _damagedTo && check.Compare(_block) is { } reason)
                    Add(new LogDamage(new Offset(check.FirstRecordOf(_block)), check.BlockBytes, reason));
            }
        }
    }
}
