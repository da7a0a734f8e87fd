using System.Diagnostics.Metrics;
using Flume.Ssb.Api;

namespace Flume.Actors.Hosting;

/// <summary>One observable gauge of a view. The server and every other host show the same ones.</summary>
/// <param name="Name">The instrument's name.</param>
/// <param name="Unit">The unit, as OpenTelemetry writes it.</param>
/// <param name="What">The description.</param>
/// <param name="Value">The value.</param>
internal sealed record ViewGauge(string Name, string Unit, string What, Func<ViewStatus, double> Value)
{
    /// <summary>True for a value that only grows while the process runs: a counter.</summary>
    public bool IsTotal { get; init; }

    /// <summary>Adds the instrument to a meter.</summary>
    public void AddTo(Meter meter, Func<IEnumerable<Measurement<double>>> measure)
    {
        if (IsTotal) meter.CreateObservableCounter(Name, measure, Unit, What);
        else meter.CreateObservableGauge(Name, measure, Unit, What);
    }

    /// <summary>The name and the description of the gauge with one series for each state.</summary>
    public const string State = "flume.view.state";

    public const string StateWhat = "1 for the state that the view is in, 0 for the others.";

    /// <summary>All states, in the order of the series.</summary>
    public static readonly ViewState[] States = Enum.GetValues<ViewState>();

    /// <summary>The gauges of each view, but for its state.</summary>
    public static readonly ViewGauge[] All =
    [
        new("flume.view.lag.records", "{record}", "Records from since to the head.", view => view.Lag.Records),
        new("flume.view.lag.size", "By", "Bytes of log from since to the head.", view => view.Lag.Bytes),
        new("flume.view.lag.duration", "s", "Seconds since the view was last caught up; 0 when it is.",
            view => view.Lag.Seconds),
        new("flume.view.rate", "{record}/s", "Records applied a second, of late.", view => view.RecordsPerSecond),
        new("flume.view.skipped.records", "{record}", "Records skipped since the rows were begun.",
            view => view.Skipped),
        new("flume.view.restarts", "{restart}", "Starts after an error, since the process began.",
            view => view.Restarts) { IsTotal = true },
        new("flume.view.rebuild.progress", "1", "Part of the log that the rebuild has read; 0 when none runs.",
            view => view.Rebuilding?.Progress ?? 0),
    ];
}
