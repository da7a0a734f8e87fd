namespace Flume.Tests.Store;

/// <summary>The seed of a random test: printed with every failure, replayed by the variable FLUME_SEED.</summary>
internal static class Seed
{
    /// <summary>Runs a test with a random source, and says how to replay it when it fails.</summary>
    public static void Run(Action<Random> test)
    {
        int seed = TestSeed.Draw();
        try
        {
            test(new Random(seed));
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"FLUME_SEED={seed} replays this: {failure.Message}", failure);
        }
    }
}
