// Shapes of the layers that other branches write. Delete each when its branch is merged.
global using Flume.Codec.Messages;
#pragma warning disable CS1591
namespace Flume.Codec
{
    using Flume.Codec.Messages;
    using Flume.Primitives;

    public sealed class DecodedMessage
    {
        public Offset Offset { get; internal set; }
        public ReadOnlyMemory<byte> Payload { get; internal set; }
        public bool IsMessage => Payload.Length > 0 && Payload.Span[0] == (byte)'{';
        public string Fault => "no JSON object";
    }

    public sealed class MessageDecoder(BoxOpener? boxes)
    {
        public BoxOpener? Boxes => boxes;
        public void Decode(Offset offset, ReadOnlyMemory<byte> payload, DecodedMessage into) =>
            (into.Offset, into.Payload) = (offset, payload);
    }
}
namespace Flume.Views
{
    public sealed class ViewCatalog(IEnumerable<IView> views)
    {
        public static ViewCatalog BuiltIn { get; } = new([]);
        public IReadOnlyList<IView> Views { get; } = [.. views.OrderBy(view => view.Name, StringComparer.Ordinal)];
        public IView Get(string name) =>
            Views.FirstOrDefault(view => view.Name == name) ?? throw new UnknownViewException(name, Views);
        public bool Contains(string name) => Views.Any(view => view.Name == name);
    }
}
namespace Flume.Views.Bulk
{
    using Flume.Primitives;
    using Flume.Views.Indexing;

    internal sealed class BulkIndexer
    {
        public static Task<BulkResult> RunAsync(BulkRequest request, CancellationToken cancel = default)
        {
            Offset head = request.Log.Head;
            var results = new List<BulkViewResult>();
            long records = 0;
            foreach (BulkTarget target in request.Views)
            {
                var runs = new DecodedRuns(request.Log, request.Boxes);
                var indexer = new ViewIndexer(target.View, target.Store);
                ViewApplyException? failure = null;
                try
                {
                    while (indexer.Since < head)
                    {
                        cancel.ThrowIfCancellationRequested();
                        using DecodedRun run = runs.Take(indexer.Since, new(1000, 1 << 20))!;
                        records += indexer.Step(run);
                        request.Progress?.Report(new(records, run.Last.Value, request.Log.EndPosition, BulkPhase.Scanning));
                    }
                    if (!head.IsSome) target.Store.Commit(target.Store.NewBatch(), Flume.Store.Checkpoint.At(target.View.Version, head));
                }
                catch (ViewApplyException cause)
                {
                    failure = cause;
                }
                results.Add(new(target.View.Name, 0, TimeSpan.Zero, failure));
            }
            return Task.FromResult(new BulkResult(head, records, 0, TimeSpan.Zero, results));
        }
    }
}
