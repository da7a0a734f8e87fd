using System.Runtime.CompilerServices;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Ssb.Reading;

/// <summary>Follows a log and streams the offsets of appended records, without end.</summary>
internal static class LiveOffsets
{
    /// <summary>
    /// The offsets above <paramref name="since"/> (exclusive), in log order. It waits at the head until cancellation.
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
