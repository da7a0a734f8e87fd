using Xunit;

namespace Flume.TestKit;

/// <summary>Waits for a condition that another thread fulfils.</summary>
internal static class Until
{
    /// <summary>Returns when the condition is true. Fails after ten seconds.</summary>
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Waited ten seconds in vain until {what}.");
            await Task.Yield();
        }
    }
}
