using Flume.Log;
using Flume.Views.Store;

namespace Flume.Views.Rebuilds;

/// <summary>The rows of a serving store that a rebuild from some offset on takes over: those of all records before it.</summary>
/// <remarks>
/// A posting tells which record it is of, a plain row does not: see <see cref="CanBeTaken"/>. What readers of the store
/// see meanwhile, and what is committed to it, makes no difference.
/// </remarks>
internal sealed class RetainedPostings(IViewReader serving, Offset from) : IDisposable
{
    /// <summary>The first offset that is derived anew.</summary>
    internal Offset From => from;

    /// <summary>What the rows that are taken from reflect.</summary>
    internal Checkpoint Checkpoint => serving.Checkpoint;

    /// <summary>False when the store has rows of which nobody can tell whether they would be there without its last records.</summary>
    internal static bool CanBeTaken(IViewReader serving) => !serving.Rows(default).Any();

    /// <summary>Adds them, index by index.</summary>
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
