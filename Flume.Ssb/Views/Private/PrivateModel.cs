using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Queries;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Private;

/// <summary>
/// The model of private.read: an entry is a private message that this identity can decrypt (docs/spec 3.10).
/// </summary>
internal sealed class PrivateModel : QueryModel
{
    /// <summary>The shared stateless instance.</summary>
    internal static readonly PrivateModel Instance = new();

    private PrivateModel()
        : base("private",
            [
                IndexDefinition.FromJs("TSP", JsValue.Parse("""["timestamp"]""")),
                IndexDefinition.FromJs("ATY",
                    JsValue.Parse("""[["value","author"],["value","content","type"],"timestamp"]""")),
            ], IndexDialect.Links)
    {
    }

    internal override bool MarksScans => true;

    internal override (byte Index, PostingRange Range)? Everything => (PrivateView.ByReceived, PostingRange.All);

    internal override IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index) =>
        message["value"]["private"] is { IsBoolean: true, AsBoolean: true } ? [message] : [];

    internal override bool TryPlace(IndexDefinition index, IReadOnlyList<JsValue> start, out PostingPlace place) =>
        FingerprintFilter.TryPlace(
            index.Key == "TSP" ? PrivateView.ByReceived : PrivateView.ByAuthorAndType, start, out place);
}
