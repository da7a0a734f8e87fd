using Xunit.Abstractions;

namespace Flume.Tests.Actors;

/// <summary>Runs a random test under several seeds, and names the seed that failed.</summary>
/// <remarks>Set <c>FLUME_SEED</c> to run that one seed alone.</remarks>
internal static class Seeds
{
    /// <summary>Runs <paramref name="test"/> with a generator for each seed.</summary>
    public static void Run(ITestOutputHelper output, int count, Action<Random> test)
    {
        foreach (int seed in TestSeed.Draw(count))
        {
            try
            {
                test(new Random(seed));
            }
            catch
            {
                output.WriteLine($"Replay with FLUME_SEED={seed}.");
                throw;
            }
        }
    }
}
