using Flume.Views.Rebuilds;
using Xunit;

namespace Flume.Ssb.Tests.Views.Bulk;

/// <summary>The rest of a thread for a given share of time.</summary>
public sealed class ThrottleTests
{
    [Theory]
    [InlineData(1.0, 0)]
    [InlineData(2.0, 0)]
    [InlineData(0.5, 40)]
    [InlineData(0.8, 10)]
    [InlineData(0.1, 360)]
    [InlineData(0.001, 1000)]
    [InlineData(0, 1000)]
    public void Rest_makes_work_the_share_of_the_whole_but_never_lasts_longer_than_a_second(
        double share, double restMs) =>
        Assert.Equal(restMs, Throttle.RestFor(TimeSpan.FromMilliseconds(40), share).TotalMilliseconds, 3);

    [Theory]
    [InlineData(100, 50, 2)]
    [InlineData(100, double.PositiveInfinity, 0)]
    [InlineData(0, 50, 0)]
    [InlineData(100, 0, 86_400)]
    public void Records_take_the_time_that_their_rate_demands(int records, double rate, double seconds) =>
        Assert.Equal(seconds, Throttle.TimeFor(records, rate).TotalSeconds, 3);

    [Fact]
    public void A_rate_is_obeyed_from_the_rest_in_which_it_changes()
    {
        double rate = 0.001;
        var throttle = new Throttle(() => 1, () => rate);
        Task rest = Task.Run(() => throttle.Rest(CancellationToken.None, records: 100));
        Assert.False(rest.Wait(TimeSpan.FromMilliseconds(50)));
        Volatile.Write(ref rate, 1e9);
        Assert.True(rest.Wait(TimeSpan.FromSeconds(20)), "the rest did not end when its rate rose");
    }

    [Fact]
    public void A_stop_ends_a_rest_at_once()
    {
        var throttle = new Throttle(() => 0.001);

        throttle.Rest(new CancellationToken(canceled: true));
    }
}
