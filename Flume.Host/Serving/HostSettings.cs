using Flume.Actors;
using Flume.Host.Http;
using Flume.Host.Metrics;

namespace Flume.Host.Serving;

/// <summary>The sections of the configuration that HTTP and what watches the service read.</summary>
/// <param name="Http">Where to listen, within which limits.</param>
/// <param name="Metrics">What is measured for whom.</param>
/// <param name="Health">From when on a view counts as unwell.</param>
internal sealed record HostSettings(HttpSettings Http, MetricsSettings Metrics, HealthSettings Health)
{
    /// <summary>Reads and checks the sections.</summary>
    /// <exception cref="SettingsException">A key is unknown or out of range.</exception>
    public static HostSettings Read(SettingsReader reader) =>
        new(HttpSettings.Read(reader), MetricsSettings.Read(reader), HealthSettings.Read(reader));
}
