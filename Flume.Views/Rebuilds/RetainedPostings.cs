using Flume.Log;
using Flume.Views.Store;

namespace Flume.Views.Rebuilds;

/// <summary>
/// The postings of a serving store below an offset. A rebuild that starts at that offset copies them.
/// </summary>
/// <remarks>
/// A posting names its record; a plain row does not (see <see cref="CanBeTaken"/>). Concurrent reads and commits have
/// no effect on this snapshot.
/// </remarks>
internal sealed class RetainedPostings(IViewReader serving, Offset from) : IDisposable
{
    /// <summary>The first offset that the rebuild applies.</summary>
    internal Offset From => from;

    /// <summary>The checkpoint of the store that the postings come from.</summary>
    internal Checkpoint Checkpoint => serving.Checkpoint;

    /// <summary>False when the store has plain rows, because they do not name their record.</summary>
    internal static bool CanBeTaken(IViewReader serving) => !serving.Rows(default).Any();

    /// <summary>Adds the postings to a sink, index by index.</summary>
    internal void AddTo(RowSink sink, CancellationToken stop)
    {
        for (int index = 0; index <= byte.MaxValue; index++)
        {
            stop.ThrowIfCancellationRequested();
            using PostingCursor cursor = serving.Read((byte)index, PostingRange.All);
            while (cursor.MoveNext())
            {
                Posting posting = cursor.Current;
                if (posting.Offset >= from.Value) continue;
                sink.Offset = posting.Offset;
                sink.Post((byte)index, posting.A, posting.B);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => serving.Dispose();
}
