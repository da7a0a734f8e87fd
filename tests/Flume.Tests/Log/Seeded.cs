using System.Globalization;

namespace Flume.Tests.Log;

/// <summary>Runs a random test many times; a failure names its seed, and FLUME_SEED=that replays it alone.</summary>
internal static class Seeded
{
    public static void Run(int runs, Action<Random> test)
    {
        string? given = Environment.GetEnvironmentVariable("FLUME_SEED");
        if (int.TryParse(given, CultureInfo.InvariantCulture, out int replay))
        {
            test(new Random(replay));
            return;
        }

        for (int i = 0; i < runs; i++)
        {
            int seed = Random.Shared.Next();
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
