using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views.Projections;

/// <summary>A view of typed events. It folds them, in log order, into rows with text keys.</summary>
/// <remarks>
/// 1. Rows depend only on the records and their order: <see cref="Apply"/> uses no clock, no random numbers and no
///    state.
/// 2. Events and rows are JSON with <see cref="JsonOptions"/>. A source-generated context provides its own options.
/// 3. A record that does not deserialize to <typeparamref name="TEvent"/> is skipped and changes no row. Override
///    <see cref="Concerns"/> to filter records before deserialization.
/// 4. If <see cref="Apply"/> throws, this view stops before the step of that record. Other views continue.
/// </remarks>
/// <typeparam name="TEvent">The type of a record.</typeparam>
/// <typeparam name="TRow">The type of a row.</typeparam>
public abstract class Projection<TEvent, TRow> : IReducingView
    where TRow : notnull
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual int Version => 1;

    /// <summary>The options for reading events and for reading and writing rows.</summary>
    protected virtual JsonSerializerOptions JsonOptions => EventJson.Options;

    /// <summary>False for a record that must not be deserialized. Reading its JSON allocates nothing.</summary>
    protected virtual bool Concerns(DecodedRecord record) => true;

    /// <summary>Folds one event into the rows.</summary>
    protected abstract void Apply(TEvent @event, ProjectionRows<TRow> rows);

    /// <summary>The row of a key in a snapshot; default if there is none.</summary>
    public TRow? Find(IViewReader rows, string key) =>
        rows.TryGet(Encoding.UTF8.GetBytes(key), out byte[] value) ? Deserialize(value) : default;

    /// <summary>
    /// The rows of a snapshot whose key starts with a prefix, in the order of the keys' UTF-8 bytes.
    /// </summary>
    public IEnumerable<KeyValuePair<string, TRow>> Rows(IViewReader rows, string prefix = "")
    {
        foreach ((byte[] key, byte[] value) in rows.Rows(Encoding.UTF8.GetBytes(prefix)))
            yield return new(Encoding.UTF8.GetString(key), Deserialize(value));
    }

    /// <summary>Not supported: rows are folded over a store.</summary>
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

/// <summary>The rows of a projection before the current record.</summary>
/// <typeparam name="TRow">The type of a row.</typeparam>
public abstract class ProjectionRows<TRow>
    where TRow : notnull
{
    private protected ProjectionRows()
    {
    }

    /// <summary>The offset of the current record.</summary>
    public abstract long Offset { get; }

    /// <summary>
    /// The row of a key; default if there is none. Call <see cref="Set"/> to store a changed object.
    /// </summary>
    public abstract TRow? Find(string key);

    /// <summary>Stores the row of a key.</summary>
    public abstract void Set(string key, TRow row);

    /// <summary>Removes the row of a key, if it exists.</summary>
    public abstract void Remove(string key);
}
