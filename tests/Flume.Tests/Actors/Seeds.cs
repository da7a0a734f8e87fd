using System.Globalization;
using Xunit.Abstractions;

namespace Flume.Tests.Actors;

/// <summary>Runs a random test under several seeds, and names the seed that failed.</summary>
/// <remarks>Set <c>FLUME_SEED</c> to run that one seed alone.</remarks>
internal static class Seeds
{
    /// <summary>Runs <paramref name="test"/> with a generator for each seed.</summary>
    public static void Run(ITestOutputHelper output, int count, Action<Random> test)
    {
        string? replay = Environment.GetEnvironmentVariable("FLUME_SEED");
        int first = replay is null ? Random.Shared.Next() : int.Parse(replay, CultureInfo.InvariantCulture);
        for (int i = 0; i < (replay is null ? count : 1); i++)
        {
            int seed = first + i;
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
