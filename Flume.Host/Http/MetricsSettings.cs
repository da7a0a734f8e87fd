using Flume.Actors;

namespace Flume.Host.Http;

/// <summary>The configuration's section <c>flume.metrics</c>; flume.conf describes each value.</summary>
internal sealed record MetricsSettings
{
    private const string Section = "flume.metrics";

    // The name of the same setting in OpenTelemetry's own configuration.
    private const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether <c>GET /metrics</c> is enabled.</summary>
    public bool Prometheus { get; init; } = true;

    /// <summary>The OTLP endpoint of metrics and traces; null for none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>The interval between two exports of metrics.</summary>
    public TimeSpan OtlpEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The fraction of appends, reads and rebuilds that is traced, 0 to 1.</summary>
    public double TracesShare { get; init; } = 1;

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of the section is unknown or out of range.</exception>
    public static MetricsSettings Read(SettingsReader reader)
    {
        MetricsSettings settings = new()
        {
            Prometheus = reader.Flag($"{Section}.prometheus"),
            Otlp = ReadAddress(reader),
            OtlpEvery = reader.Milliseconds($"{Section}.otlp-every-ms", 100, 3_600_000),
            TracesShare = reader.Fraction($"{Section}.traces-share", -double.Epsilon, 1),
        };
        reader.RefuseUnknown(Section, except: []);
        return settings;
    }

    private static Uri? ReadAddress(SettingsReader reader)
    {
        const string key = $"{Section}.otlp-endpoint";
        string text = reader.Text(key);
        if (text.Length == 0) text = Environment.GetEnvironmentVariable(Variable) ?? "";
        if (text.Length == 0) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address
            : throw reader.Wrong(key, text, $"empty, or an address such as http://127.0.0.1:4318 (also in {Variable})");
    }
}
