using Flume.TestKit;
using Xunit;

namespace Flume.Actors.Tests.Views;

public sealed class AdaptiveBatchTests
{
    private static readonly AdaptiveBatchLimits Limits = new(16, 4096, StepMsLive: 5, StepMsBehind: 50);

    [Fact]
    public void A_view_far_behind_takes_ever_larger_steps_up_to_what_its_time_allows()
    {
        var batch = new AdaptiveBatch(Limits);
        for (int i = 0; i < 20; i++)
            batch.Learn(batch.Entries, TimeSpan.FromMilliseconds(batch.Entries * 0.05), isBehind: true);
        Assert.InRange(batch.Entries, 900, 1000);
    }

    [Fact]
    public void No_step_grows_to_more_than_double()
    {
        var batch = new AdaptiveBatch(Limits);
        batch.Learn(16, TimeSpan.Zero, isBehind: true);
        Assert.Equal(32, batch.Entries);
    }

    [Fact]
    public void A_live_view_does_not_grow()
    {
        var batch = new AdaptiveBatch(Limits);
        for (int i = 0; i < 20; i++) batch.Learn(1, TimeSpan.FromMilliseconds(0.1), isBehind: false);
        Assert.Equal(16, batch.Entries);
    }

    [Fact]
    public void A_slow_step_shrinks_the_next_at_once()
    {
        var batch = new AdaptiveBatch(Limits);
        for (int i = 0; i < 10; i++) batch.Learn(batch.Entries, TimeSpan.Zero, isBehind: true);
        Assert.Equal(4096, batch.Entries);
        batch.Learn(4096, TimeSpan.FromSeconds(2), isBehind: true);
        Assert.InRange(batch.Entries, 90, 110);
    }

    [Fact]
    public void Whatever_is_learned_the_limits_hold() => TestSeed.Run(50, random =>
    {
        var batch = new AdaptiveBatch(Limits);
        for (int i = 0; i < 100; i++)
        {
            var took = TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerMinute));
            batch.Learn(random.Next(0, 10_000), took, random.Next(2) == 0);
            Assert.InRange(batch.Entries, 16, 4096);
        }
    });
}
