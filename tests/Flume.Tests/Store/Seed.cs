using System.Globalization;

namespace Flume.Tests.Store;

/// <summary>The seed of a random test: printed with every failure, replayed by the variable FLUME_SEED.</summary>
internal static class Seed
{
    /// <summary>Runs a test with a random source, and says how to replay it when it fails.</summary>
    public static void Run(Action<Random> test)
    {
        string? asked = Environment.GetEnvironmentVariable("FLUME_SEED");
        int seed = asked is null ? Random.Shared.Next() : int.Parse(asked, CultureInfo.InvariantCulture);
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
