using System.Text.Json;
using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Host.Admin.Events;

/// <summary>Samples one identity periodically, for all clients together.</summary>
/// <remarks>
/// 1. One sample runs at a time; until it completes, the previous sample is reported.
/// 2. A sample does not open an identity that was closed because it was idle.
/// 3. Records are counted only while a client watches: the first count reads the log once, on its own thread.
/// </remarks>
internal sealed class IdentityProbe(string name, IIdentities identities, TimeProvider time)
{
    // Without a client that watches details, a sample serves the list alone; a server may have thousands.
    private static readonly TimeSpan UnwatchedEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(10);

    private readonly AppendMeter _meter = new(time);
    private readonly Dictionary<PartKey, StatusPart> _none = [];
    private volatile IReadOnlyDictionary<PartKey, StatusPart> _parts = new Dictionary<PartKey, StatusPart>();
    private Task<long>? _counting;
    private long? _records;
    private long _lookedAt;
    private bool _isRefused;

    /// <summary>The last completed sample.</summary>
    public IReadOnlyDictionary<PartKey, StatusPart> Parts => _parts;

    /// <summary>The sample in progress.</summary>
    public Task Looking { get; private set; } = Task.CompletedTask;

    /// <summary>Starts a sample when one is due.</summary>
    /// <param name="isWatched">True when a client watches the views, too.</param>
    /// <param name="stop">Cancels the sample.</param>
    public void Look(bool isWatched, CancellationToken stop)
    {
        if (!Looking.IsCompleted) return;
        TimeSpan every = _isRefused ? RetryEvery : isWatched ? TimeSpan.Zero : UnwatchedEvery;
        if (_lookedAt != 0 && time.GetElapsedTime(_lookedAt) < every) return;
        _lookedAt = time.GetTimestamp();
        Looking = LookAsync(isWatched, stop);
    }

    private async Task LookAsync(bool isWatched, CancellationToken stop)
    {
        try
        {
            IIdentity? identity = await identities.FindAsync(name, stop).ConfigureAwait(false);
            _isRefused = false;
            if (identity is null) _parts = _none;
            else if (!identity.IsOpen) _parts = Only(json => WriteClosed(json, identity));
            else _parts = await SeeAsync(identity, isWatched, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The last client disconnected or the server stops: the previous sample is no longer shown.
        }
        catch (Exception error)
        {
            _isRefused = true;
            _parts = Only(json => IdentityJson.WriteRefused(json, name, error.Message));
        }
    }

    private async Task<IReadOnlyDictionary<PartKey, StatusPart>> SeeAsync(
        IIdentity identity, bool isWatched, CancellationToken stop)
    {
        LogStatus log = await identity.LogStatusAsync(stop).ConfigureAwait(false);
        IReadOnlyList<ViewStatus> views = await identity.StatusAsync(stop).ConfigureAwait(false);
        if (isWatched) Count(identity.Log, stop);
        _meter.Add(log.Bytes, isWatched ? _records : null);
        Dictionary<PartKey, StatusPart> seen = [];
        Add(seen, new PartKey(name, ""), json => WriteOpen(json, identity, log, views));
        if (!isWatched) return seen;
        foreach (ViewStatus view in views)
        {
            Add(seen, new PartKey(name, view.Name), json =>
            {
                json.WriteStartObject();
                json.WriteString("identity", name);
                json.WritePropertyName("view");
                ViewJson.Write(json, view);
                json.WriteEndObject();
            });
        }

        return seen;
    }

    /// <summary>
    /// Takes the last count and starts the next. A log whose count failed is damaged: another try would read all of it
    /// and fail again.
    /// </summary>
    private void Count(OffsetLog log, CancellationToken stop)
    {
        if (_counting is { IsCompletedSuccessfully: true }) _records = _counting.Result;
        if (_counting is null or { IsCompletedSuccessfully: true } or { IsCanceled: true })
            _counting = Task.Run(() => log.CountRecords(stop), stop);
    }

    private Dictionary<PartKey, StatusPart> Only(Action<Utf8JsonWriter> write)
    {
        Dictionary<PartKey, StatusPart> only = [];
        Add(only, new PartKey(name, ""), write);
        return only;
    }

    private void Add(Dictionary<PartKey, StatusPart> to, PartKey key, Action<Utf8JsonWriter> write) =>
        to[key] = StatusPart.Make(write, _parts.GetValueOrDefault(key));

    private void WriteClosed(Utf8JsonWriter json, IIdentity identity)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("kind", identity.Kind.ToWord());
        json.WriteString("id", identity.Keys?.Id);
        json.WriteBoolean("open", false);
        json.WriteEndObject();
    }

    private void WriteOpen(Utf8JsonWriter json, IIdentity identity, LogStatus log, IReadOnlyList<ViewStatus> views)
    {
        json.WriteStartObject();
        IdentityJson.WriteMembers(json, identity, log);
        json.WriteBoolean("open", true);
        if (_records is { } counted) json.WriteNumber("records", counted);
        else json.WriteNull("records");
        if (identity.Log.DurablePosition is { } durable) json.WriteNumber("durableBytes", durable);
        else json.WriteNull("durableBytes");
        json.WriteNumber("offsetBits", identity.Log.Width.Bits());
        json.WriteNumber("recordsPerSecond", Math.Round(_meter.RecordsPerSecond, 1));
        json.WriteNumber("bytesPerSecond", Math.Round(_meter.BytesPerSecond));
        json.WriteStartObject("states");
        foreach (IGrouping<ViewState, ViewStatus> state in views.GroupBy(view => view.State).OrderBy(each => each.Key))
            json.WriteNumber(ViewJson.Name(state.Key), state.Count());
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
