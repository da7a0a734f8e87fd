using Flume.Actors;
using Flume.Host.Http;
using Flume.Host.Logging;
using Flume.Host.Metrics;

namespace Flume.Host.Serving;

/// <summary>The configuration sections of HTTP, metrics and health.</summary>
/// <param name="Http">The HTTP address and limits.</param>
/// <param name="Metrics">The metrics settings.</param>
/// <param name="Health">The limits from which a view counts as unhealthy.</param>
internal sealed record HostSettings(HttpSettings Http, MetricsSettings Metrics, HealthSettings Health)
{
    /// <summary>The form and the levels of log lines.</summary>
    public LoggingSettings Logging { get; init; } = new();

    /// <summary>Reads and checks the sections.</summary>
    /// <exception cref="SettingsException">A key is unknown or out of range.</exception>
    public static HostSettings Read(SettingsReader reader) =>
        new(HttpSettings.Read(reader), MetricsSettings.Read(reader), HealthSettings.Read(reader))
        {
            Logging = LoggingSettings.Read(reader),
        };
}
