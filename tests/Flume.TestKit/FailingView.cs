using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.TestKit;

/// <summary>A wrapper that throws at one record after writing rows for it.</summary>
internal sealed class FailingView(IView of, Offset at) : IView
{
    public string Name => of.Name;

    public int Version => of.Version;

    public void Apply(DecodedRecord message, RowSink rows)
    {
        of.Apply(message, rows);
        if (message.Offset == at) throw new InvalidOperationException($"This view was made to fail at {at}.");
    }
}
