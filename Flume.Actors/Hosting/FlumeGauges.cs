using System.Diagnostics.Metrics;
using Flume.Ssb.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Flume.Actors.Hosting;

/// <summary>The state of a host's logs and views as observable gauges of the meter <c>Flume.Status</c>.</summary>
/// <remarks>
/// Names, units and tags are those of the server. A collection reads at most one picture in a quarter of a second and
/// asks no actor. A closed log has no measurements.
/// </remarks>
internal sealed class FlumeGauges : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Flume.Status";

    private static readonly TimeSpan PictureMax = TimeSpan.FromMilliseconds(250);

    private readonly Lock _looking = new();
    private readonly Meter _meter;
    private readonly bool _isOwnMeter;
    private readonly TimeProvider _time;
    private readonly IdentityClient[] _logs;
    private (long At, List<(string Log, ViewStatus View)> Views)? _picture;

    /// <summary>Gauges of opened logs; the meter is made by the host's factory, if it has one.</summary>
    public FlumeGauges(IServiceProvider services, IEnumerable<IIdentity> logs)
    {
        IMeterFactory? factory = services.GetService<IMeterFactory>();
        _isOwnMeter = factory is null;
        _meter = factory?.Create(Name) ?? new Meter(Name);
        _time = services.GetRequiredService<TimeProvider>();
        _logs = [.. logs.OfType<IdentityClient>()];
        _meter.CreateObservableGauge("flume.log.size", () => _logs.Where(log => log.IsOpen).Select(
            log => new Measurement<long>(log.Log.EndPosition, Tag("identity", log.Name))), "By", "Length of the log.");
        foreach (ViewGauge gauge in ViewGauge.All) Add(gauge);
        _meter.CreateObservableGauge(ViewGauge.State, () => Look().SelectMany(one => ViewGauge.States.Select(state =>
            new Measurement<int>(one.View.State == state ? 1 : 0, Tag("identity", one.Log), Tag("view", one.View.Name),
                Tag("state", ViewWords.Of(state))))), null, ViewGauge.StateWhat);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOwnMeter) _meter.Dispose();
    }

    private void Add(ViewGauge gauge) => gauge.AddTo(_meter, () => Look().Select(one => new Measurement<double>(
        gauge.Value(one.View), Tag("identity", one.Log), Tag("view", one.View.Name))));

    private List<(string Log, ViewStatus View)> Look()
    {
        lock (_looking)
        {
            if (_picture is { } seen && _time.GetElapsedTime(seen.At) < PictureMax) return seen.Views;
            List<(string Log, ViewStatus View)> views =
                [.. _logs.SelectMany(log => log.Peek().Select(view => (log.Name, view)))];
            _picture = (_time.GetTimestamp(), views);
            return views;
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
