using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Ssb.Reading;

/// <summary>Accesses the log of an identity, which may be closed while unused.</summary>
internal static class OpenLog
{
    private static readonly Offset BeforeAny = new(Offset.None.Value - 1);

    /// <summary>
    /// Opens the log if needed. A wait for the head above None opens the identity and returns at once.
    /// </summary>
    internal static async ValueTask<OffsetLog> OfAsync(ApiCall call)
    {
        await call.Identity.WaitForHeadAsync(BeforeAny, call.Cancelled).ConfigureAwait(false);
        return call.Identity.Log;
    }
}
