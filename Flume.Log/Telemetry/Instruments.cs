using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Flume.Log.Telemetry;

/// <summary>All metrics and activities of the engine. The host exports them.</summary>
/// <remarks>
/// Without listeners, a measurement costs one flag check. No tag names an identity, because a pub has thousands and
/// each would add a series per bucket. Names and units follow OpenTelemetry.
/// </remarks>
public static class Instruments
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "Flume";

    private static readonly Meter Meter = new(Name);

    // From 0.1 ms, a group commit on a fast disk, to 10 s, a failing disk.
    private static readonly InstrumentAdvice<double> Short = new()
    {
        HistogramBucketBoundaries =
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10],
    };

    private static readonly InstrumentAdvice<double> Long = new()
    {
        HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    };

    /// <summary>Appends, reads and rebuilds as activities.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>From an append's call to its acknowledgement; tag <c>durability</c>.</summary>
    public static Histogram<double> AppendDuration { get; } = Meter.CreateHistogram(
        "flume.append.duration", "s", "From an append's call to its acknowledgement.", null, Short);

    /// <summary>Records appended.</summary>
    public static Counter<long> AppendRecords { get; } = Meter.CreateCounter<long>(
        "flume.append.records", "{record}", "Records appended.");

    /// <summary>Payload bytes appended.</summary>
    public static Counter<long> AppendBytes { get; } = Meter.CreateCounter<long>(
        "flume.append.size", "By", "Bytes of payload appended.");

    /// <summary>Appends refused or failed; tag <c>reason</c>.</summary>
    public static Counter<long> AppendRefusals { get; } = Meter.CreateCounter<long>(
        "flume.append.refusals", "{append}", "Appends that were refused, or failed.");

    /// <summary>One write of a group of records to the log's file.</summary>
    public static Histogram<double> WriteDuration { get; } = Meter.CreateHistogram(
        "flume.log.write.duration", "s", "One write of a group of records to a log's file.", null, Short);

    /// <summary>One fsync of the log's file.</summary>
    public static Histogram<double> SyncDuration { get; } = Meter.CreateHistogram(
        "flume.log.fsync.duration", "s", "One fsync of a log's file.", null, Short);

    /// <summary>
    /// The time that a read waited for its view; tag <c>view</c>. Reads without a wait are not counted.
    /// </summary>
    public static Histogram<double> ReadWait { get; } = Meter.CreateHistogram(
        "flume.read.wait.duration", "s", "How long a read waited for its view to be fresh enough.", null, Short);

    /// <summary>One step of a view: applying a batch of records; tag <c>view</c>.</summary>
    public static Histogram<double> ApplyDuration { get; } = Meter.CreateHistogram(
        "flume.view.apply.duration", "s", "Applying one run of records to a view.", null, Short);

    /// <summary>Committing the rows of one step; tag <c>view</c>.</summary>
    public static Histogram<double> CommitDuration { get; } = Meter.CreateHistogram(
        "flume.view.commit.duration", "s", "Committing the rows of one run of records.", null, Short);

    /// <summary>Records applied by following the log, skipped ones included; tag <c>view</c>.</summary>
    public static Counter<long> Applied { get; } = Meter.CreateCounter<long>(
        "flume.view.applied", "{record}", "Records that a view applied by following its log.");

    /// <summary>Broken records skipped by following the log; tag <c>view</c>.</summary>
    public static Counter<long> Skipped { get; } = Meter.CreateCounter<long>(
        "flume.view.skipped", "{record}", "Records that a view skipped by following its log: they are no JSON.");

    /// <summary>One scan that rebuilds views, until the stores are complete; tag <c>outcome</c>.</summary>
    public static Histogram<double> RebuildDuration { get; } = Meter.CreateHistogram(
        "flume.rebuild.duration", "s", "One rebuild, of all the views that shared it.", null, Long);

    /// <summary>Records read by rebuilds.</summary>
    public static Counter<long> RebuildRecords { get; } = Meter.CreateCounter<long>(
        "flume.rebuild.records", "{record}", "Records that rebuilds read.");
}
