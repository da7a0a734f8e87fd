namespace Flume.Tests.Log;

/// <summary>Runs a random test many times; a failure names its seed, and FLUME_SEED=that replays it alone.</summary>
internal static class Seeded
{
    public static void Run(int runs, Action<Random> test)
    {
        foreach (int seed in TestSeed.Draw(runs))
        {
            try
            {
                test(new Random(seed));
            }
            catch (Exception cause)
            {
                throw new InvalidOperationException($"Failed with FLUME_SEED={seed}: {cause.Message}", cause);
            }
        }
    }
}
