using Flume.Actors;
using Flume.Primitives;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Tests.Actors.Logs;

public sealed class HeadWaitersTests(ITestOutputHelper output)
{
    [Fact]
    public void A_waiter_is_released_by_a_head_beyond_its_offset_and_not_by_that_offset_itself()
    {
        var waiters = new HeadWaiters<string>(8);
        waiters.Add("a", new Offset(10));
        Assert.Empty(waiters.Advance(new Offset(10)));
        Assert.Equal(["a"], waiters.Advance(new Offset(11)));
        Assert.Empty(waiters.Advance(new Offset(12)));
    }

    [Fact]
    public void Asking_again_under_the_same_key_replaces_the_offset()
    {
        var waiters = new HeadWaiters<string>(8);
        waiters.Add("a", new Offset(10));
        waiters.Add("a", new Offset(20));
        Assert.Equal(1, waiters.Count);
        Assert.Empty(waiters.Advance(new Offset(15)));
    }

    [Fact]
    public void The_limit_refuses_new_keys_and_never_a_key_that_waits()
    {
        var waiters = new HeadWaiters<string>(1);
        Assert.True(waiters.Add("a", new Offset(1)));
        Assert.False(waiters.Add("b", new Offset(1)));
        Assert.True(waiters.Add("a", new Offset(2)));
        waiters.Remove("a");
        Assert.True(waiters.Add("b", new Offset(1)));
    }

    [Fact]
    public void Any_order_of_asking_and_advancing_releases_exactly_those_below_the_head() =>
        Seeds.Run(output, 100, random =>
        {
            var waiters = new HeadWaiters<int>(50);
            var model = new Dictionary<int, long>();
            long head = 0;
            for (int i = 0; i < 300; i++)
            {
                int key = random.Next(60);
                switch (random.Next(4))
                {
                    case 0:
                        waiters.Remove(key);
                        model.Remove(key);
                        break;
                    case 1:
                        head += random.Next(5);
                        var expected = model.Where(pair => pair.Value < head).Select(pair => pair.Key).ToHashSet();
                        Assert.Equal(expected, waiters.Advance(new Offset(head)).ToHashSet());
                        foreach (int released in expected) model.Remove(released);
                        break;
                    default:
                        long beyond = head + random.Next(10);
                        if (waiters.Add(key, new Offset(beyond))) model[key] = beyond;
                        else Assert.Equal(50, model.Count);
                        break;
                }

                Assert.Equal(model.Count, waiters.Count);
            }
        });
}
