using Flume.TestKit;
using Xunit;

namespace Flume.Actors.Tests.Views;

public sealed class RateMeterTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_steady_stream_has_its_own_rate()
    {
        var meter = new RateMeter(_time);
        for (int i = 0; i < 300; i++)
        {
            meter.Add(100);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(meter.PerSecond(), 900, 1100);
    }

    [Fact]
    public void The_first_second_is_not_diluted_by_time_before_the_start()
    {
        var meter = new RateMeter(_time);
        meter.Add(500);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(500, meter.PerSecond(), 1.0);
    }

    [Fact]
    public void Standing_still_for_the_window_is_a_rate_of_zero_and_no_eta()
    {
        var meter = new RateMeter(_time);
        meter.Add(1000);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, meter.PerSecond());
        Assert.Null(meter.Eta(10));
    }

    [Fact]
    public void A_pause_of_any_length_does_not_bring_old_counts_back()
    {
        var meter = new RateMeter(_time);
        for (int hours = 1; hours < 50; hours++)
        {
            meter.Add(1000);
            _time.Advance(TimeSpan.FromHours(hours));
            Assert.Equal(0, meter.PerSecond());
        }
    }

    [Theory]
    [InlineData(0, 0, 0.0)]
    [InlineData(100, 50, 2.0)]
    public void Eta_is_what_is_left_by_the_rate(double left, double rate, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RateMeter.Eta(left, rate));

    [Fact]
    public void An_eta_beyond_a_year_is_unknown() => Assert.Null(RateMeter.Eta(1e12, 1));
}
