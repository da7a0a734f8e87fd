using System.Globalization;

namespace Flume.TestKit;

/// <summary>
/// The seeds of random tests, random by default. FLUME_SEED=N replays one seed; FLUME_FIRST_SEED=N makes a whole run
/// repeatable, as in CI.
/// </summary>
internal static class TestSeed
{
    /// <summary>The maximum seed, short enough to type.</summary>
    private const int Most = 1_000_000;

    private static readonly int? Replay = Number("FLUME_SEED"), First = Number("FLUME_FIRST_SEED");

    /// <summary>The replayed seed, or the first seed of this run. The caller prints it.</summary>
    public static int Draw() => Replay ?? First ?? Random.Shared.Next(Most);

    /// <summary>The given number of seeds, or the replayed one.</summary>
    public static IEnumerable<int> Draw(int count) =>
        Replay is { } one ? [one] : Enumerable.Range(First ?? Random.Shared.Next(Most), count);

    /// <summary>
    /// Runs a test with the given number of seeds, or with the replayed one. A failure names its seed.
    /// </summary>
    public static void Run(int count, Action<Random> test) => RunAsync(count, random =>
    {
        test(random);
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <summary>The same for an asynchronous test.</summary>
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
