using Xunit;

namespace Flume.TestKit;

/// <summary>Waits for what another thread is about to do.</summary>
internal static class Until
{
    /// <summary>Returns as soon as the condition holds; fails after ten seconds.</summary>
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
