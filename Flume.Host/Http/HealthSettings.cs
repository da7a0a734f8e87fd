using Flume.Actors;

namespace Flume.Host.Http;

/// <summary>The configuration's section <c>flume.health</c>: from when on a view counts as unwell.</summary>
internal sealed record HealthSettings
{
    private const string Section = "flume.health";

    /// <summary>How long a view may be behind the head.</summary>
    public TimeSpan LagMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a view may stand at one offset while the head is beyond it.</summary>
    public TimeSpan StallMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of it is unknown or out of range.</exception>
    public static HealthSettings Read(SettingsReader reader)
    {
        HealthSettings settings = new()
        {
            LagMax = reader.Milliseconds($"{Section}.lag-ms-max", 1, 1L << 40),
            StallMax = reader.Milliseconds($"{Section}.stall-ms-max", 1, 1L << 40),
        };
        reader.RefuseUnknown(Section, except: []);
        return settings;
    }
}
