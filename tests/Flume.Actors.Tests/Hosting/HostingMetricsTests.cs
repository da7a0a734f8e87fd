using System.Diagnostics;
using System.Diagnostics.Metrics;
using Flume.Actors.Hosting;
using Flume.Log.Telemetry;
using Flume.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Flume.Actors.Tests.Hosting;

/// <summary>What a program sees that listens to the meters and the source that docs/embedding.md names.</summary>
public sealed class HostingMetricsTests
{
    [Fact]
    public async Task A_host_that_listens_to_the_documented_names_sees_appends_views_and_traces()
    {
        using TempFolder folder = new();
        using MeterListener meters = new();
        List<string> seen = [], traced = [];
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name is Instruments.Name or FlumeGauges.Name) listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        using ActivityListener traces = new()
        {
            ShouldListenTo = source => source.Name == Instruments.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (traced) traced.Add($"{activity.OperationName} {activity.GetTagItem("flume.identity")}");
            },
        };
        meters.Start();
        ActivitySource.AddActivityListener(traces);
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        string name = $"metered-{Environment.TickCount64}";
        builder.Services.AddSingleton(new HostingTests.Currency("EUR"));
        builder.Services.AddFlume(options =>
        {
            options.Directory = folder.Path;
            options.AddLog(name);
        }).AddView<HostingTests.Totals>();
        using IHost host = builder.Build();
        await host.StartAsync();
        FlumeLog log = host.Services.GetRequiredService<FlumeLog>();
        await log.AppendAsync(new HostingTests.Order("ann", 1));
        await log.FindAsync(host.Services.GetRequiredService<HostingTests.Totals>(), "ann");
        meters.RecordObservableInstruments();
        await host.StopAsync();

        lock (seen)
        {
            Assert.Contains(seen, one => one.StartsWith("flume.append.duration s durability=fsync", StringComparison.Ordinal));
            Assert.Contains($"flume.view.lag.records {{record}} identity={name} view=totals = 0", seen);
            Assert.Contains($"flume.log.size By identity={name} = {12 + """{"customer":"ann","amount":1}""".Length}", seen);
            Assert.Equal(1, seen.Count(one => one.StartsWith($"flume.view.state  identity={name}", StringComparison.Ordinal)
                && one.EndsWith("= 1", StringComparison.Ordinal)));
        }

        lock (traced) Assert.Contains($"append {name}", traced);

        void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string with = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            lock (seen) seen.Add($"{instrument.Name} {instrument.Unit} {with} = {value}");
        }
    }
}
