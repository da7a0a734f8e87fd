using System.Text;
using Flume.Log;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views.Projections;

/// <summary>The rows of one projection between commits.</summary>
/// <remarks>
/// A row in memory is JSON, not an object. A view can change an object without storing it; the rows would
/// then depend on the time of a restart. At most <see cref="KeptMax"/> rows stay in memory after a commit.
/// </remarks>
internal sealed class ProjectionFold<TEvent, TRow>(Projection<TEvent, TRow> view, IViewStore store) : RowFold
    where TRow : notnull
{
    private const int KeptMax = 16_384;
    private readonly Dictionary<string, Kept> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _changed = [];
    private IViewReader? _committed;
    private FoldedRows? _given;

    /// <inheritdoc/>
    public override void Apply(DecodedRecord message, long offset)
    {
        FoldedRows rows = _given ??= new FoldedRows(this);
        rows.At = offset;
        try
        {
            view.Fold(message, rows);
        }
        catch (Exception cause) when (cause is not (OutOfMemoryException or StoreDamagedException or IOException))
        {
            throw new ViewApplyException(view.Name, new Offset(offset), cause);
        }
    }

    /// <inheritdoc/>
    public override void WriteTo(RowSink rows)
    {
        foreach (string key in _changed)
        {
            Kept kept = _rows[key];
            byte[] bytes = Encoding.UTF8.GetBytes(key);
            if (kept.Json is { } json) rows.Put(bytes, json);
            else rows.Remove(bytes);
            kept.IsChanged = false;
        }

        _changed.Clear();
        if (_rows.Count > KeptMax) _rows.Clear();
        _committed?.Dispose();
        _committed = null;
    }

    private Kept Find(string key)
    {
        if (_rows.TryGetValue(key, out Kept? found)) return found;
        _committed ??= store.OpenReader();
        bool isStored = _committed.TryGet(Encoding.UTF8.GetBytes(key), out byte[] json);
        return _rows[key] = new Kept { Json = isStored ? json : null };
    }

    private void Change(string key, byte[]? json)
    {
        if (!_rows.TryGetValue(key, out Kept? kept)) _rows[key] = kept = new Kept();
        kept.Json = json;
        if (!kept.IsChanged) _changed.Add(key);
        kept.IsChanged = true;
    }

    private sealed class Kept
    {
        public byte[]? Json { get; set; }

        public bool IsChanged { get; set; }
    }

    private sealed class FoldedRows(ProjectionFold<TEvent, TRow> fold) : ProjectionRows<TRow>
    {
        public long At { get; set; }

        public override long Offset => At;

        public override TRow? Find(string key) =>
            fold.Find(key).Json is { } json ? fold.View.Deserialize(json) : default;

        public override void Set(string key, TRow row) => fold.Change(key, fold.View.Serialize(row));

        public override void Remove(string key) => fold.Change(key, null);
    }

    private Projection<TEvent, TRow> View => view;
}
