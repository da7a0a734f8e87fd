using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Flume.Log.Telemetry;

/// <summary>Measures a duration if the instrument has a listener.</summary>
public readonly struct Timing
{
    private readonly Histogram<double>? _into;
    private readonly long _start;

    private Timing(Histogram<double> into) => (_into, _start) = (into, Stopwatch.GetTimestamp());

    /// <summary>Starts the measurement.</summary>
    public static Timing Start(Histogram<double> into) => into.Enabled ? new(into) : default;

    /// <summary>Records the time since the start.</summary>
    public void Stop() => _into?.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds);

    /// <summary>Records the time since the start, with one tag.</summary>
    public void Stop(string tag, string value) =>
        _into?.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, new KeyValuePair<string, object?>(tag, value));
}
