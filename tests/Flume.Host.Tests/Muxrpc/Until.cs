using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>Polls for a condition that no event announces.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<Task<bool>> isTrue)
    {
        using CancellationTokenSource patience = new(PacketPeer.Patience);
        while (!await isTrue())
        {
            if (patience.IsCancellationRequested) Assert.Fail("It did not become true in time.");
            await Task.Yield();
        }
    }
}
