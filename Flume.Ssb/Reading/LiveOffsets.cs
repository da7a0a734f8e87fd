using System.Runtime.CompilerServices;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Ssb.Reading;

/// <summary>Follows a log: the offset of each record appended behind a place, for ever.</summary>
internal static class LiveOffsets
{
    /// <summary>
    /// Offsets beyond <paramref name="since"/> (exclusive) in log order; waits at the head until cancelled.
    /// </summary>
    internal static async IAsyncEnumerable<Offset> After(
        IIdentity identity, Offset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        Offset last = since;
        while (true)
        {
            if (identity.Log.Head <= last) await identity.WaitForHeadAsync(last, cancel).ConfigureAwait(false);
            Offset next = last.IsSome ? identity.Log.Next(last) : Offset.Zero;
            Offset head = identity.Log.Head;
            while (next <= head)
            {
                cancel.ThrowIfCancellationRequested();
                last = next;
                next = identity.Log.Next(last);
                yield return last;
            }
        }
    }
}
