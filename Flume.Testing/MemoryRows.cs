using System.Text;
using Flume.Log;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Testing;

/// <summary>The rows that records mean for a view, in memory: no folder, no log, no service.</summary>
/// <remarks>Offsets are 0, 1, 2 and so on. For one thread.</remarks>
public sealed class MemoryRows : IDisposable
{
    private readonly IView _view;
    private readonly MemoryViewStore _store = new();
    private readonly RecordDecoder _decoder = RecordFormat.Json.NewDecoder();
    private readonly RowFold? _fold;
    private long _next;

    /// <summary>No rows yet.</summary>
    public MemoryRows(IView view)
    {
        _view = view;
        _fold = (view as IReducingView)?.Over(_store);
    }

    /// <summary>The rows of some records.</summary>
    /// <param name="view">The view.</param>
    /// <param name="records">Each record as JSON text.</param>
    public static MemoryRows Of(IView view, params IEnumerable<string> records)
    {
        MemoryRows rows = new(view);
        foreach (string record in records) rows.Append(Encoding.UTF8.GetBytes(record));
        return rows;
    }

    /// <summary>Applies one record and commits its rows. A record that is no JSON means no row.</summary>
    public void Append(ReadOnlySpan<byte> record)
    {
        Offset offset = new(_next++);
        ViewBatch batch = _store.NewBatch();
        batch.Offset = offset.Value;
        DecodedRecord decoded = _decoder.Decode(offset, record);
        if (decoded.IsJson && _fold is null) _view.Apply(decoded, batch);
        else if (decoded.IsJson) _fold!.Apply(decoded, offset.Value);
        _fold?.WriteTo(batch);
        _store.Commit(batch, Checkpoint.At(_view.Version, offset));
    }

    /// <summary>A snapshot of the rows, for <see cref="IViewReader"/> or a projection's typed reads.</summary>
    public IViewReader Open() => _store.OpenReader();

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();
}
