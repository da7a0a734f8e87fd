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
        ApiCall call, Offset since, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        IIdentity identity = call.Identity;
        Offset last = since;
        while (true)
        {
            if (identity.Log.Head <= last) await identity.WaitForHeadAsync(last, call.Cancelled).ConfigureAwait(false);
            Offset next = last.IsSome ? identity.Log.Next(last) : Offset.Zero;
            Offset head = identity.Log.Head;
            if (call.BeforeLive is { } before) await before().ConfigureAwait(false);
            while (next <= head)
            {
                call.Cancelled.ThrowIfCancellationRequested();
                cancel.ThrowIfCancellationRequested();
                last = next;
                next = identity.Log.Next(last);
                yield return last;
            }
        }
    }
}
