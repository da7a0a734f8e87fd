using System.Globalization;

namespace Flume.TestKit;

/// <summary>
/// Where random tests begin: anywhere, as a rule. FLUME_SEED=N replays that one seed; FLUME_FIRST_SEED=N makes all of a run
/// repeatable, as CI does.
/// </summary>
internal static class TestSeed
{
    /// <summary>Short enough to be typed.</summary>
    private const int Most = 1_000_000;

    private static readonly int? Replay = Number("FLUME_SEED"), First = Number("FLUME_FIRST_SEED");

    /// <summary>The seed to replay, or where this run begins; the caller prints it.</summary>
    public static int Draw() => Replay ?? First ?? Random.Shared.Next(Most);

    /// <summary>So many seeds, or the one to replay.</summary>
    public static IEnumerable<int> Draw(int count) =>
        Replay is { } one ? [one] : Enumerable.Range(First ?? Random.Shared.Next(Most), count);

    /// <summary>Runs a test with so many seeds, or the one to replay; a failure names its seed.</summary>
    public static void Run(int count, Action<Random> test) => RunAsync(count, random =>
    {
        test(random);
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <summary>The same for a test that waits.</summary>
    public static async Task RunAsync(int count, Func<Random, Task> test)
    {
        foreach (int seed in Draw(count))
        {
            try
            {
                await test(new Random(seed)).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"FLUME_SEED={seed} replays this: {failure.Message}", failure);
            }
        }
    }

    private static int? Number(string variable)
    {
        string? text = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(text)) return null;
        return int.TryParse(text, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new InvalidOperationException($"{variable} is '{text}'. Expected a whole number.");
    }
}
