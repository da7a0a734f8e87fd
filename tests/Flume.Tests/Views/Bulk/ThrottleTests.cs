using Flume.Views.Bulk;
using Xunit;

namespace Flume.Tests.Views.Bulk;

/// <summary>How long a thread rests for the share of the time that it was given.</summary>
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

    [Fact]
    public void A_stop_ends_a_rest_at_once()
    {
        var throttle = new Throttle(() => 0.001);

        throttle.Rest(new CancellationToken(canceled: true));
    }
}
