using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.TestKit;

/// <summary>A view with one posting per message. A test can make it block or throw.</summary>
internal sealed class TestView(string name, int version = 1) : IView
{
    public string Name => name;

    public int Version => version;

    /// <summary>Called before each message is applied; may block or throw.</summary>
    public Action<DecodedRecord>? Before { get; set; }

    public void Apply(DecodedRecord message, RowSink rows)
    {
        Before?.Invoke(message);
        rows.Post(1, 0, 0);
    }
}
