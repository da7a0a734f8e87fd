using Flume.Ssb.Messages;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

/// <summary>The clock returns strictly increasing times.</summary>
public class MonotonicClockTests
{
    private readonly Hands _hands = new();

    [Fact]
    public void The_first_of_a_millisecond_is_whole_and_the_next_add_fractions_as_npm_does()
    {
        var clock = new MonotonicClock(_hands);
        _hands.Milliseconds = 1795326871494;
        Assert.Equal(1795326871494, clock.Next());
        Assert.Equal(1795326871494 + (1 / 1001.0), clock.Next());
        Assert.Equal(1795326871494 + (2 / 1002.0), clock.Next());
        _hands.Milliseconds++;
        Assert.Equal(1795326871495, clock.Next());
    }

    [Fact]
    public void Times_ascend_also_when_many_are_asked_for_and_the_clock_is_set_back()
    {
        var clock = new MonotonicClock(_hands);
        _hands.Milliseconds = 1795326871494;
        double last = clock.Next();
        for (int i = 0; i < 100_000; i++)
        {
            if (i == 500) _hands.Milliseconds -= 10_000;
            if (i == 60_000) _hands.Milliseconds += 10_001;
            double next = clock.Next();
            Assert.True(next > last, $"{next} after {last} at {i}");
            last = next;
        }
    }

    private sealed class Hands : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);
    }
}
