using Flume.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Actors.Tests;

/// <summary>Operators, writers and accidents in any order: what was accepted holds, and every view ends as a rebuild.</summary>
public sealed class OperationsTests(ITestOutputHelper output)
{
    private const int Worlds = 3, Operations = 50;

    [Fact]
    public async Task Any_operations_kills_and_restarts_keep_what_was_accepted_and_end_in_views_that_equal_a_rebuild()
    {
        foreach (int seed in TestSeed.Draw(Worlds))
        {
            await using OperationsWorld world = new(seed);
            try
            {
                await world.StartAsync();
                for (int step = 0; step < Operations; step++) await world.StepAsync();
                await world.EndAsync();
            }
            catch
            {
                output.WriteLine($"Replay with FLUME_SEED={seed}. It did: {world.History}");
                throw;
            }
        }
    }
}
