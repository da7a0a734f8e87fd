using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Ssb.Reading;

/// <summary>The log of an identity that may have closed because nobody used it.</summary>
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
