using Flume.Host.Cli;
using Flume.Host.Http;
using Flume.Log.Telemetry;
using Flume.Replication;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Flume.Host.Metrics;

/// <summary>
/// All uses of OpenTelemetry types: its assemblies load at the first call of a method here, not at start.
/// </summary>
internal static class Providers
{
    private static readonly string[] Meters =
    [
        Instruments.Name, StatusGauges.Name, MuxrpcMetrics.Name, ReplicationMeter.Name, "System.Runtime",
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
    ];

    /// <summary>Creates a handler that answers with all metrics in Prometheus' format.</summary>
    public static (RequestDelegate Answer, IDisposable Lifetime) Prometheus(IServiceProvider services)
    {
        MeterProvider provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource()).AddMeter(Meters).AddPrometheusExporter().Build();
        ApplicationBuilder branch = new(services);
        branch.UseOpenTelemetryPrometheusScrapingEndpoint(provider, static _ => true, null, null, null);
        return (branch.Build(), provider);
    }

    /// <summary>Exports metrics periodically, and traces as they end, until disposed.</summary>
    public static IDisposable Otlp(MetricsSettings settings)
    {
        MeterProvider metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource()).AddMeter(Meters)
            .AddOtlpExporter((exporter, reader) =>
            {
                Aim(exporter, settings.Otlp!, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds =
                    (int)settings.OtlpEvery.TotalMilliseconds;
            }).Build();
        TracerProvider traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource()).AddSource(Instruments.Name)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TracesShare)))
            .AddOtlpExporter(exporter => Aim(exporter, settings.Otlp!, "v1/traces")).Build();
        return new Both(metrics, traces);
    }

    private static void Aim(OtlpExporterOptions exporter, Uri endpoint, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri($"{endpoint.ToString().TrimEnd('/')}/{path}");
    }

    private static ResourceBuilder Resource() =>
        ResourceBuilder.CreateDefault().AddService("flume", serviceVersion: FlumeVersion.Own);

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
