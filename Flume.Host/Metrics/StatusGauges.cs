using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Flume.Actors.Hosting;
using Flume.Host.Http;
using Flume.Ssb.Api;

namespace Flume.Host.Metrics;

/// <summary>
/// The state of logs and views as gauges: each collection shows a sample that is taken before it.
/// </summary>
/// <remarks>Each value has its identity, and its view if any, as labels.</remarks>
internal sealed class StatusGauges : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = FlumeGauges.Name;

    private readonly Meter _meter = new(Name);
    private readonly ServerContext _site;
    private volatile IReadOnlyList<IdentitySample> _seen = [];

    /// <summary>Creates the gauges of a server.</summary>
    public StatusGauges(ServerContext site)
    {
        _site = site;
        AddLogs();
        AddViews();
        AddStores();
        AddServer();
    }

    /// <summary>Samples all identities.</summary>
    public async Task LookAsync(CancellationToken cancel) =>
        _seen = await StatusSample.TakeAsync(_site.Identities, cancel).ConfigureAwait(false);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void AddLogs()
    {
        _meter.CreateObservableGauge("flume.identity.open", () => _seen.Select(each =>
            Of(each.Log is null ? 0L : 1L, each)), null, "1 while the identity's files are open.");
        Log("flume.log.size", "By", "Length of the log.", log => log.Bytes);
        Log("flume.log.writable", null, "1 while the log accepts appends.", log => log.ReadOnly is null ? 1 : 0);
        Log("flume.append.waiting", "{record}", "Records that wait for the disk.", log => log.Waiting);
        Log("flume.append.waiting.size", "By", "Bytes that wait for the disk.", log => log.WaitingBytes);
    }

    private void AddViews()
    {
        foreach (ViewGauge gauge in ViewGauge.All) View(gauge);
        View(new("flume.view.rebuild.eta", "s", "Remaining time of the rebuild or catch-up; 0 if unknown.",
            view => (view.Rebuilding is { } rebuild ? rebuild.Eta : view.Eta)?.TotalSeconds ?? 0));
        _meter.CreateObservableGauge(ViewGauge.State, () => _seen.SelectMany(identity => identity.Views.SelectMany(
            view => ViewGauge.States.Select(state => new Measurement<long>(view.State == state ? 1 : 0, Tag(identity),
                new("view", view.Name), new("state", ViewJson.Name(state)))))),
            null, ViewGauge.StateWhat);
    }

    private void AddStores()
    {
        View(new("flume.store.size", "By", "Bytes of the view's files.", view => view.StoreBytes));
        View(new("flume.store.memory", "By", "Memory of the view's store, without the shared cache.",
            view => view.Store.MemoryBytes));
        View(new("flume.store.compaction.pending", "By", "Bytes that wait to be merged into fewer files.",
            view => view.Store.CompactionBytes));
        _meter.CreateObservableGauge("flume.store.cache", () => _site.Identities.CachedBytes, "By",
            "Table blocks in the cache that all stores share.");
    }

    private void AddServer()
    {
        _meter.CreateObservableGauge("flume.build.info", () => new Measurement<long>(1,
            new("version", FlumeVersion.Own), new("runtime", Environment.Version.ToString()), new(
                "os", RuntimeInformation.RuntimeIdentifier)),
            null, "1, with the version of the build as labels.");
        _meter.CreateObservableGauge("flume.http.connections", () => _site.Connections.Taken, "{connection}",
            "Connections open.");
        _meter.CreateObservableGauge("flume.http.streams", () => _site.Streams.Taken, "{stream}", "Streams open.");
        _meter.CreateObservableGauge("flume.http.reads", () => _site.Reads.Taken, "{call}",
            "Calls that wait for their answer.");
    }

    private void Log(string name, string? unit, string what, Func<LogStatus, long> value) =>
        _meter.CreateObservableGauge(name, () => _seen.Where(each => each.Log is not null)
            .Select(each => Of(value(each.Log!), each)), unit, what);

    private void View(ViewGauge gauge) => gauge.AddTo(_meter, () => _seen.SelectMany(identity =>
        identity.Views.Select(view =>
            new Measurement<double>(gauge.Value(view), Tag(identity), new("view", view.Name)))));

    private static Measurement<long> Of(long value, IdentitySample identity) => new(value, Tag(identity));

    private static KeyValuePair<string, object?> Tag(IdentitySample identity) => new("identity", identity.Name);
}
