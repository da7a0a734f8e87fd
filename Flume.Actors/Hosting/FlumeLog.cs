using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views.Checking;
using Flume.Views.Projections;

namespace Flume.Actors.Hosting;

/// <summary>A typed API of one log: appends and reads events as JSON, reads projections, commands views.</summary>
/// <remarks>
/// The first use opens or creates the log. Any thread may call its members. Cancelling an append stops only the wait:
/// the append may still be written.
/// </remarks>
public sealed class FlumeLog
{
    private const string NeedsTypeInfo = "Pass a JsonTypeInfo of a JsonSerializerContext in trimmed code.";

    private readonly FlumeEngine _engine;
    private readonly IdentityKind _kind;
    private readonly Lock _opening = new();
    private Task<IIdentity>? _open;

    /// <summary>Creates the API of a log; the first use opens the log.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="name">The log's name.</param>
    /// <param name="kind">The kind of a log that is created; an existing log keeps its kind.</param>
    public FlumeLog(FlumeEngine engine, string name, IdentityKind kind = IdentityKind.Events)
    {
        IdentityName.Check(name);
        (_engine, Name, _kind) = (engine, name, kind);
    }

    /// <summary>The log's name.</summary>
    public string Name { get; }

    /// <summary>The identity of the log: bytes, all commands, status.</summary>
    /// <exception cref="IdentityRejectedException">The log can't be opened.</exception>
    public Task<IIdentity> OpenAsync(CancellationToken cancel = default)
    {
        lock (_opening)
        {
            if (_open is null or { IsFaulted: true } or { IsCanceled: true })
                _open = OpenOrCreateAsync();
            return _open.WaitAsync(cancel);
        }
    }

    /// <summary>Appends one event; returns when it is durable, by default on the device.</summary>
    /// <exception cref="AppendRejectedException">Surely nothing was written.</exception>
    /// <exception cref="AppendFailedException">The write failed: the log may contain the event.</exception>
    public ValueTask<Appended> AppendAsync<T>(
        T value, JsonTypeInfo<T> type, Durability durability = Durability.Fsync, CancellationToken cancel = default) =>
        AppendAsync(value, type, new AppendTerms(durability), cancel);

    /// <summary>
    /// Appends one event under terms: <see cref="AppendTerms.Expecting"/> names the head it must follow.
    /// </summary>
    /// <exception cref="AppendRejectedException">
    /// Nothing was written. With <see cref="AppendRejection.HeadMoved"/> the log has records behind the expected head:
    /// decide again with them.
    /// </exception>
    /// <exception cref="AppendFailedException">Writing failed: the event may be in the log.</exception>
    public ValueTask<Appended> AppendAsync<T>(
        T value, JsonTypeInfo<T> type, AppendTerms terms, CancellationToken cancel = default) =>
        AppendBytesAsync([JsonSerializer.SerializeToUtf8Bytes(value, type)], terms, cancel);

    /// <summary>Appends events in order and next to each other; returns when they are durable.</summary>
    /// <inheritdoc cref="AppendAsync{T}(T, JsonTypeInfo{T}, Durability, CancellationToken)"/>
    public ValueTask<Appended> AppendAsync<T>(
        IEnumerable<T> values, JsonTypeInfo<T> type, Durability durability = Durability.Fsync,
        CancellationToken cancel = default) =>
        AppendAsync(values, type, new AppendTerms(durability), cancel);

    /// <summary>Appends events in order and next to each other under terms: all of them or none.</summary>
    /// <inheritdoc cref="AppendAsync{T}(T, JsonTypeInfo{T}, AppendTerms, CancellationToken)"/>
    public ValueTask<Appended> AppendAsync<T>(
        IEnumerable<T> values, JsonTypeInfo<T> type, AppendTerms terms, CancellationToken cancel = default) =>
        AppendBytesAsync(
            [.. values.Select(value => (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(value, type))],
            terms, cancel);

    /// <summary>Appends one event, as JSON by <see cref="EventJson.Options"/>.</summary>
    /// <inheritdoc cref="AppendAsync{T}(T, JsonTypeInfo{T}, Durability, CancellationToken)"/>
    [RequiresUnreferencedCode(NeedsTypeInfo)]
    [RequiresDynamicCode(NeedsTypeInfo)]
    public ValueTask<Appended> AppendAsync<T>(T value, CancellationToken cancel = default) =>
        AppendAsync(value, TypeInfo<T>(), Durability.Fsync, cancel);

    /// <summary>Appends one event, as JSON by <see cref="EventJson.Options"/>, only behind an expected head.</summary>
    /// <param name="value">The event.</param>
    /// <param name="expectedHead">
    /// The head that the decision rests on, from <see cref="HeadAsync"/>, an append or a read.
    /// </param>
    /// <param name="cancel">Ends the waiting, not the write.</param>
    /// <inheritdoc cref="AppendAsync{T}(T, JsonTypeInfo{T}, AppendTerms, CancellationToken)"/>
    [RequiresUnreferencedCode(NeedsTypeInfo)]
    [RequiresDynamicCode(NeedsTypeInfo)]
    public ValueTask<Appended> AppendAsync<T>(T value, Offset expectedHead, CancellationToken cancel = default) =>
        AppendAsync(value, TypeInfo<T>(), AppendTerms.Expecting(expectedHead), cancel);

    /// <summary>Appends events in order and next to each other, as JSON by <see cref="EventJson.Options"/>.</summary>
    /// <inheritdoc cref="AppendAsync{T}(T, JsonTypeInfo{T}, Durability, CancellationToken)"/>
    [RequiresUnreferencedCode(NeedsTypeInfo)]
    [RequiresDynamicCode(NeedsTypeInfo)]
    public ValueTask<Appended> AppendManyAsync<T>(IEnumerable<T> values, CancellationToken cancel = default) =>
        AppendAsync(values, TypeInfo<T>(), Durability.Fsync, cancel);

    /// <summary>
    /// The head now: the offset of the last record; <see cref="Offset.None"/> while the log is empty.
    /// </summary>
    public async ValueTask<Offset> HeadAsync(CancellationToken cancel = default) =>
        (await OpenAsync(cancel).ConfigureAwait(false)).Log.Head;

    /// <summary>Events after an offset, in log order; omits records that do not deserialize to the type.</summary>
    /// <param name="type">The type of the events.</param>
    /// <param name="after">
    /// The offset before the first event (exclusive); None or null starts at the first record.
    /// </param>
    /// <param name="live">True to continue with later appends, until cancelled.</param>
    /// <param name="cancel">Ends the read.</param>
    public async IAsyncEnumerable<Recorded<T>> ReadAsync<T>(
        JsonTypeInfo<T> type, Offset? after = null, bool live = false,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        IIdentity identity = await OpenAsync(cancel).ConfigureAwait(false);
        LogRange range = new() { Gt = after, Live = live };
        await foreach (LogEntry entry in identity.Log.ReadAsync(range, cancel).ConfigureAwait(false))
        {
            if (TryRead(entry.Payload.Span, type, out T? value)) yield return new Recorded<T>(entry.Offset, value!);
        }
    }

    /// <inheritdoc cref="ReadAsync{T}(JsonTypeInfo{T}, Offset?, bool, CancellationToken)"/>
    [RequiresUnreferencedCode(NeedsTypeInfo)]
    [RequiresDynamicCode(NeedsTypeInfo)]
    public IAsyncEnumerable<Recorded<T>> ReadAsync<T>(
        Offset? after = null, bool live = false, CancellationToken cancel = default) =>
        ReadAsync(TypeInfo<T>(), after, live, cancel);

    /// <summary>The row of a key of a projection; default when there is none.</summary>
    /// <param name="view">The projection.</param>
    /// <param name="key">The row's key.</param>
    /// <param name="freshness">The required freshness; null for every append acknowledged before the call.</param>
    /// <param name="cancel">Cancels the wait.</param>
    /// <exception cref="ReadRejectedException">The log has no such view, or the view is not fresh in time.</exception>
    public async ValueTask<TRow?> FindAsync<TEvent, TRow>(
        Projection<TEvent, TRow> view, string key, ReadFreshness? freshness = null, CancellationToken cancel = default)
        where TRow : notnull
    {
        IIdentity identity = await OpenAsync(cancel).ConfigureAwait(false);
        using ViewRead read = await identity.ReadAsync(view.Name, freshness ?? ReadFreshness.Fresh, cancel)
            .ConfigureAwait(false);
        return view.Find(read.Rows, key);
    }

    /// <summary>All rows of a projection, ordered by key, from one snapshot.</summary>
    /// <inheritdoc cref="FindAsync{TEvent, TRow}(Projection{TEvent, TRow}, string, ReadFreshness?,
    /// CancellationToken)"/>
    public async IAsyncEnumerable<KeyValuePair<string, TRow>> RowsAsync<TEvent, TRow>(
        Projection<TEvent, TRow> view, ReadFreshness? freshness = null,
        [EnumeratorCancellation] CancellationToken cancel = default)
        where TRow : notnull
    {
        IIdentity identity = await OpenAsync(cancel).ConfigureAwait(false);
        using ViewRead read = await identity.ReadAsync(view.Name, freshness ?? ReadFreshness.Fresh, cancel)
            .ConfigureAwait(false);
        foreach (KeyValuePair<string, TRow> row in view.Rows(read.Rows))
        {
            cancel.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    /// <summary>Waits until a view reflects an append, so that a caller reads its own writes.</summary>
    /// <exception cref="ReadRejectedException">The log has no such view, or the view is not fresh in time.</exception>
    public async ValueTask WaitForAsync(string view, Appended appended, CancellationToken cancel = default)
    {
        IIdentity identity = await OpenAsync(cancel).ConfigureAwait(false);
        using ViewRead read = await identity.ReadAsync(view, ReadFreshness.AtLeast(appended.Last), cancel)
            .ConfigureAwait(false);
    }

    /// <summary>Derives fresh rows of a view beside the serving ones; returns when the fresh rows serve.</summary>
    /// <exception cref="InvalidOperationException">The view refused, or its rebuild ended early, and why.</exception>
    public async Task RebuildAsync(string view, CancellationToken cancel = default)
    {
        IIdentity identity = await OpenAsync(cancel).ConfigureAwait(false);
        int before = (await StatusAsync(view, cancel).ConfigureAwait(false)).Rebuilds;
        CommandOutcome outcome = await identity.RebuildAsync(
            ViewSelection.One(view), null, cancel).ConfigureAwait(false);
        if (!outcome.IsAccepted) throw new InvalidOperationException(outcome.Views[0].Text);
        while (true)
        {
            Task moved = identity.Registered!.NextMoveAsync(view);
            ViewStatus now = await StatusAsync(view, cancel).ConfigureAwait(false);
            if (now.Rebuilds > before) return;
            if (now.State != ViewState.Rebuilding) throw NotRebuilt(now);
            await moved.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Checks the rows of a view against the fold of the log, and reports the rows that differ.</summary>
    public async Task<ViewCheckReport> CheckAsync(string view, CancellationToken cancel = default)
    {
        IIdentity identity = await OpenAsync(cancel).ConfigureAwait(false);
        using ViewRead read = await identity.ReadAsync(view, ReadFreshness.Fresh, cancel).ConfigureAwait(false);
        ViewCheckTarget target = new(identity.Views.Get(view), read.Rows, identity.Log, identity.Format);
        return await ViewCheck.RunAsync(target, new ViewCheckOptions(), cancel).ConfigureAwait(false);
    }

    /// <summary>Pauses a view until it is resumed, also across restarts. Its rows still answer reads.</summary>
    public async Task<CommandOutcome> PauseAsync(string view, string reason, CancellationToken cancel = default)
    {
        IIdentity identity = await OpenAsync(cancel).ConfigureAwait(false);
        return await identity.PauseAsync(ViewSelection.One(view), reason, null, cancel).ConfigureAwait(false);
    }

    /// <summary>Resumes a paused or faulted view.</summary>
    public async Task<CommandOutcome> ResumeAsync(string view, CancellationToken cancel = default)
    {
        IIdentity identity = await OpenAsync(cancel).ConfigureAwait(false);
        return await identity.ResumeAsync(ViewSelection.One(view), cancel).ConfigureAwait(false);
    }

    /// <summary>The state of a view.</summary>
    /// <exception cref="Flume.Views.UnknownViewException">The log has no view of that name.</exception>
    public async ValueTask<ViewStatus> StatusAsync(string view, CancellationToken cancel = default)
    {
        IIdentity identity = await OpenAsync(cancel).ConfigureAwait(false);
        string name = identity.Views.Get(view).Name;
        IReadOnlyList<ViewStatus> all = await identity.StatusAsync(cancel).ConfigureAwait(false);
        return all.First(status => status.Name == name);
    }

    private static InvalidOperationException NotRebuilt(ViewStatus view) => new(
        $"View '{view.Name}' has no fresh rows: its rebuild was cancelled or failed, and it is "
        + $"{ViewWords.Of(view.State)}. "
        + (view.LastError is { } error ? $"The last error: {error}" : "Rebuild it again."));

    /// <summary>All callers share the opening, so no caller cancels it.</summary>
    private Task<IIdentity> OpenOrCreateAsync() => _engine.Names.Contains(Name)
        ? _engine.OpenAsync(Name, null, CancellationToken.None)
        : _engine.CreateAsync(Name, _kind, CancellationToken.None);

    private async ValueTask<Appended> AppendBytesAsync(
        ReadOnlyMemory<byte>[] payloads, AppendTerms terms, CancellationToken cancel)
    {
        IIdentity identity = await OpenAsync(cancel).ConfigureAwait(false);
        return await identity.AppendAsync(payloads, terms, cancel).ConfigureAwait(false);
    }

    private static bool TryRead<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, out T? value)
    {
        try
        {
            value = JsonSerializer.Deserialize(json, type);
            return value is not null;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    [RequiresUnreferencedCode(NeedsTypeInfo)]
    [RequiresDynamicCode(NeedsTypeInfo)]
    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)EventJson.Options.GetTypeInfo(typeof(T));
}

/// <summary>An event with its offset in the log.</summary>
/// <param name="Offset">The byte position of its record; pass it as <c>after</c> to continue a read.</param>
/// <param name="Value">The event.</param>
/// <typeparam name="T">The type of the event.</typeparam>
public readonly record struct Recorded<T>(Offset Offset, T Value);
