using Flume.Log;
using Flume.TestKit;
using Xunit;

namespace Flume.Actors.Tests.Views;

public sealed class FreshnessWaitersTests
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Queries_leave_in_the_order_of_their_targets_also_when_a_smaller_one_comes_last()
    {
        var waiting = new FreshnessWaiters<string>(8);
        waiting.Add("thirty", new Offset(30), Noon);
        waiting.Add("ten", new Offset(10), Noon);
        waiting.Add("twenty", new Offset(20), Noon);
        waiting.Add("ten again", new Offset(10), Noon);
        Assert.Equal(["ten", "ten again", "twenty"], waiting.Release(new Offset(29)));
        Assert.Equal(["thirty"], waiting.Release(new Offset(30)));
    }

    [Fact]
    public void The_target_itself_is_enough() =>
        Assert.Equal(["a"], With("a", new Offset(7)).Release(new Offset(7)));

    [Fact]
    public void The_limit_refuses_the_query_that_is_one_too_many()
    {
        var waiting = new FreshnessWaiters<string>(1);
        Assert.True(waiting.Add("a", new Offset(1), Noon));
        Assert.False(waiting.Add("b", new Offset(1), Noon));
        waiting.Release(new Offset(1));
        Assert.True(waiting.Add("c", new Offset(2), Noon));
    }

    [Fact]
    public void A_deadline_takes_out_those_it_has_passed_and_no_others()
    {
        var waiting = new FreshnessWaiters<string>(8);
        waiting.Add("late", new Offset(1), Noon.AddSeconds(2));
        waiting.Add("soon", new Offset(9), Noon.AddSeconds(1));
        Assert.Equal(Noon.AddSeconds(1), waiting.NextDeadline);
        Assert.Equal([("soon", new Offset(9))], waiting.Expire(Noon.AddSeconds(1)));
        Assert.Empty(waiting.Release(new Offset(0)));
        Assert.Equal(["late"], waiting.Release(new Offset(9)));
        Assert.Null(waiting.NextDeadline);
    }

    [Fact]
    public void Taking_all_leaves_none()
    {
        FreshnessWaiters<string> waiting = With("a", new Offset(3));
        Assert.Equal(["a"], waiting.TakeAll());
        Assert.Equal(0, waiting.Count);
        Assert.Null(waiting.NextDeadline);
    }

    [Fact]
    public void Every_query_leaves_exactly_once_and_never_before_its_target() => TestSeed.Run(200, random =>
    {
        var waiting = new FreshnessWaiters<(int Id, long Target)>(40);
        var inside = new HashSet<int>();
        long since = 0;
        DateTimeOffset now = Noon;
        for (int id = 0; id < 200; id++)
        {
            long target = since + random.Next(-5, 50);
            if (waiting.Add((id, target), new Offset(target), now.AddSeconds(random.Next(1, 20)))) inside.Add(id);
            else Assert.Equal(40, inside.Count);
            if (random.Next(3) == 0)
            {
                since += random.Next(20);
                IReadOnlyList<(int Id, long Target)> released = waiting.Release(new Offset(since));
                Assert.All(released, query => Assert.True(query.Target <= since && inside.Remove(query.Id)));
                Assert.Equal(released.OrderBy(query => query.Target).ThenBy(query => query.Id), released);
            }

            if (random.Next(5) == 0)
            {
                now = now.AddSeconds(random.Next(5));
                foreach (((int Id, long _) query, Offset _) in waiting.Expire(now)) Assert.True(inside.Remove(query.Id));
            }

            Assert.Equal(inside.Count, waiting.Count);
        }

        Assert.Equal(inside, waiting.TakeAll().Select(query => query.Id).ToHashSet());
    });

    private static FreshnessWaiters<string> With(string query, Offset target)
    {
        var waiting = new FreshnessWaiters<string>(8);
        waiting.Add(query, target, Noon);
        return waiting;
    }
}
