using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Ssb.Reading;

/// <summary>Accesses the log of an identity, which may be closed while unused.</summary>
internal static class OpenLog
{
    private static readonly Offset BeforeAny = new(Offset.None.Value - 1);

    /// <summary>The log, opened when it was not: waiting for a head beyond nothing opens it, and never waits.</summary>
    internal static ValueTask<OffsetLog> OfAsync(ApiCall call) => OfAsync(call.Identity, call.Cancelled);

    /// <inheritdoc cref="OfAsync(ApiCall)"/>
    internal static async ValueTask<OffsetLog> OfAsync(IIdentity identity, CancellationToken cancel = default)
    {
        await identity.WaitForHeadAsync(BeforeAny, cancel).ConfigureAwait(false);
        return identity.Log;
    }
}
