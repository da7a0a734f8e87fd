using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Checking;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Ssb.Tests.Views.Checking;

/// <summary>A view with one wrong row for one record, as after a bug or disk error.</summary>
internal sealed class LyingView(IView inner, Offset at, RowFault fault) : IView
{
    public string Name => inner.Name;

    public int Version => inner.Version;

    /// <summary>True after it wrote the wrong row.</summary>
    public bool Lied { get; private set; }

    public void Apply(DecodedRecord message, RowSink rows)
    {
        if (message.Offset == at) inner.Apply(message, new Liar(this, rows, fault));
        else inner.Apply(message, rows);
    }

    private sealed class Liar : RowSink
    {
        private readonly LyingView _view;
        private readonly RowSink _rows;
        private readonly RowFault _fault;

        public Liar(LyingView view, RowSink rows, RowFault fault)
        {
            (_view, _rows, _fault) = (view, rows, fault);
            Offset = rows.Offset;
        }

        public override void Post(byte index, ulong a, ulong b)
        {
            bool first = !_view.Lied;
            _view.Lied = true;
            if (!first || _fault == RowFault.Extra) _rows.Post(index, a, b);
            if (first && _fault == RowFault.Extra) _rows.Post(index, a ^ 0x1234, b);
            if (first && _fault == RowFault.Changed) _rows.Post(index, a, b + 1);
        }

        public override void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => _rows.Put(key, value);

        public override void Remove(ReadOnlySpan<byte> key) => _rows.Remove(key);
    }
}
