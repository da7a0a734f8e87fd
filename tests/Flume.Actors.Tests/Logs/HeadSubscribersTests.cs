using Flume.Log;
using Flume.TestKit;
using Xunit;

namespace Flume.Actors.Tests.Logs;

public sealed class HeadSubscribersTests
{
    [Fact]
    public void A_waiter_is_released_by_a_head_beyond_its_offset_and_not_by_that_offset_itself()
    {
        var waiters = new HeadSubscribers<string>();
        waiters.Add("a", new Offset(10), 7);
        Assert.Empty(waiters.Advance(new Offset(10)));
        Assert.Equal([("a", 7L)], waiters.Advance(new Offset(11)));
        Assert.Empty(waiters.Advance(new Offset(12)));
    }

    [Fact]
    public void Asking_again_replaces_the_offset_and_the_token()
    {
        var waiters = new HeadSubscribers<string>();
        waiters.Add("a", new Offset(10), 1);
        waiters.Add("a", new Offset(20), 2);
        Assert.Equal(1, waiters.Count);
        Assert.Empty(waiters.Advance(new Offset(15)));
        Assert.Equal([("a", 2L)], waiters.Advance(new Offset(21)));
    }

    [Fact]
    public void Any_order_of_asking_and_advancing_releases_exactly_those_below_the_head() =>
        TestSeed.Run(100, random =>
        {
            var waiters = new HeadSubscribers<int>();
            var model = new Dictionary<int, long>();
            long head = 0;
            for (int i = 0; i < 300; i++)
            {
                if (random.Next(3) == 0)
                {
                    head += random.Next(5);
                    var expected = model.Where(pair => pair.Value < head).Select(pair => pair.Key).ToHashSet();
                    Assert.Equal(expected, waiters.Advance(new Offset(head)).Select(released => released.Subscriber).ToHashSet());
                    foreach (int released in expected) model.Remove(released);
                }
                else
                {
                    int asker = random.Next(60);
                    model[asker] = head + random.Next(10);
                    waiters.Add(asker, new Offset(model[asker]), i);
                }

                Assert.Equal(model.Count, waiters.Count);
            }
        });
}
