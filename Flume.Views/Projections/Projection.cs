using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views.Projections;

/// <summary>A view of typed events: it folds them, in log order, into rows with a text as the key.</summary>
/// <remarks>
/// 1. Rows depend on the records and their order alone: <see cref="Apply"/> uses no clock, no random and no state.
/// 2. Events and rows are JSON by <see cref="JsonOptions"/>; a context of source generation gives its own options.
/// 3. A record that does not deserialize to <typeparamref name="TEvent"/> is of no concern and changes no row. Override
/// <see cref="Concerns"/> to look at a record before.
/// 4. An <see cref="Apply"/> that throws stops this view before the step of that record; other views go on.
/// </remarks>
/// <typeparam name="TEvent">What a record holds.</typeparam>
/// <typeparam name="TRow">What a row holds.</typeparam>
public abstract class Projection<TEvent, TRow> : IReducingView
    where TRow : notnull
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual int Version => 1;

    /// <summary>How events are read, and rows written.</summary>
    protected virtual JsonSerializerOptions JsonOptions => EventJson.Options;

    /// <summary>False for a record that is not to be deserialized. Reads of its JSON cost no allocation.</summary>
    protected virtual bool Concerns(DecodedRecord record) => true;

    /// <summary>Folds one event into the rows.</summary>
    protected abstract void Apply(TEvent @event, ProjectionRows<TRow> rows);

    /// <summary>The row of a key in a snapshot; default when there is none.</summary>
    public TRow? Find(IViewReader rows, string key) =>
        rows.TryGet(Encoding.UTF8.GetBytes(key), out byte[] value) ? Deserialize(value) : default;

    /// <summary>The rows of a snapshot whose key starts with a text, in the order of the keys' UTF-8 bytes.</summary>
    public IEnumerable<KeyValuePair<string, TRow>> Rows(IViewReader rows, string prefix = "")
    {
        foreach ((byte[] key, byte[] value) in rows.Rows(Encoding.UTF8.GetBytes(prefix)))
            yield return new(Encoding.UTF8.GetString(key), Deserialize(value));
    }

    /// <summary>Never called: rows are folded over a store.</summary>
    void IView.Apply(DecodedRecord message, RowSink rows) =>
        throw new InvalidOperationException($"View '{Name}' is folded over its store.");

    /// <inheritdoc/>
    RowFold IReducingView.Over(IViewStore store) => new ProjectionFold<TEvent, TRow>(this, store);

    internal byte[] Serialize(TRow row) => JsonSerializer.SerializeToUtf8Bytes(row, TypeInfo<TRow>());

    internal TRow Deserialize(ReadOnlySpan<byte> row) => JsonSerializer.Deserialize(row, TypeInfo<TRow>())!;

    internal void Fold(DecodedRecord record, ProjectionRows<TRow> rows)
    {
        if (!Concerns(record)) return;
        TEvent? read;
        try
        {
            read = JsonSerializer.Deserialize(record.Payload.Span, TypeInfo<TEvent>());
        }
        catch (JsonException)
        {
            return;
        }

        if (read is not null) Apply(read, rows);
    }

    private JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)JsonOptions.GetTypeInfo(typeof(T));
}

/// <summary>The rows of a projection, as the records before the present one left them.</summary>
/// <typeparam name="TRow">What a row holds.</typeparam>
public abstract class ProjectionRows<TRow>
    where TRow : notnull
{
    private protected ProjectionRows()
    {
    }

    /// <summary>The position of the present record in its log, in bytes.</summary>
    public abstract long Offset { get; }

    /// <summary>The row of a key; default when there is none. Changing the object changes no row: see <see cref="Set"/>.</summary>
    public abstract TRow? Find(string key);

    /// <summary>Stores the row of a key.</summary>
    public abstract void Set(string key, TRow row);

    /// <summary>Removes the row of a key; nothing happens when there is none.</summary>
    public abstract void Remove(string key);
}
