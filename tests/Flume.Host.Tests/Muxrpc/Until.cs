using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>Waits for what must become true without telling anybody.</summary>
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
