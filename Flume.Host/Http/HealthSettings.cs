using Flume.Actors;

namespace Flume.Host.Http;

/// <summary>
/// The configuration's section <c>flume.health</c>: the limits from which a view counts as unhealthy.
/// </summary>
internal sealed record HealthSettings
{
    private const string Section = "flume.health";

    /// <summary>The maximum time for which a view may lag behind the head.</summary>
    public TimeSpan LagMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The maximum time without progress of a view that lags behind the head.</summary>
    public TimeSpan StallMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The maximum time for which a replicating identity may have no peer.</summary>
    public TimeSpan AloneMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of the section is unknown or out of range.</exception>
    public static HealthSettings Read(SettingsReader reader)
    {
        HealthSettings settings = new()
        {
            LagMax = reader.Milliseconds($"{Section}.lag-ms-max", 1, 1L << 40),
            AloneMax = reader.Milliseconds($"{Section}.alone-ms-max", 1, 1L << 40),
            StallMax = reader.Milliseconds($"{Section}.stall-ms-max", 1, 1L << 40),
        };
        reader.RefuseUnknown(Section, except: []);
        return settings;
    }
}
