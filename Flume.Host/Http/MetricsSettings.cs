using Flume.Actors;

namespace Flume.Host.Http;

/// <summary>The configuration's section <c>flume.metrics</c>; what each value is for stands in flume.conf.</summary>
internal sealed record MetricsSettings
{
    private const string Section = "flume.metrics";

    // The name that OpenTelemetry's own configuration has for the same thing.
    private const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether <c>GET /metrics</c> answers.</summary>
    public bool Prometheus { get; init; } = true;

    /// <summary>Where to send metrics and traces; null for nowhere.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>How often metrics are sent.</summary>
    public TimeSpan OtlpEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The part of appends, reads and rebuilds that are sent as traces, 0 to 1.</summary>
    public double TracesShare { get; init; } = 1;

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of it is unknown or out of range.</exception>
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
