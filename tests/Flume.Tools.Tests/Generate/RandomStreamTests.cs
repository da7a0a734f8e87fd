using Flume.Tools.Generate;
using Xunit;

namespace Flume.Tools.Tests.Generate;

public sealed class RandomStreamTests
{
    [Fact]
    public void It_is_the_published_xoshiro256starstar()
    {
        var random = new RandomStream(1, 2, 3, 4);

        ulong[] published = [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600];
        Assert.Equal(published, published.Select(_ => random.Next()).ToArray());
    }

    [Fact]
    public void Streams_of_other_seeds_purposes_and_numbers_differ()
    {
        ulong[] first =
        [
            new RandomStream(1, StreamOf.Message, 1).Next(), new RandomStream(2, StreamOf.Message, 1).Next(),
            new RandomStream(1, StreamOf.Author, 1).Next(), new RandomStream(1, StreamOf.Message, 2).Next(),
        ];

        Assert.Equal(4, first.Distinct().Count());
        Assert.Equal(first[0], new RandomStream(1, StreamOf.Message, 1).Next());
    }

    [Fact]
    public void Draws_stay_within_their_bounds_and_reach_both_ends()
    {
        var random = new RandomStream(5, StreamOf.Plan, 0);
        int[] draws = [.. Enumerable.Range(0, 1000).Select(_ => random.Between(3, 6))];

        Assert.Equal([3, 4, 5, 6], draws.Distinct().Order());
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(random.Unit(), 0, 0.999999999999999999));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(random.Popular(10), 0, 9));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(random.VeryPopular(10), 0, 9));
    }

    [Fact]
    public void The_popular_are_drawn_more_often()
    {
        var random = new RandomStream(5, StreamOf.Plan, 0);
        int first = Enumerable.Range(0, 10_000).Count(_ => random.Popular(100) == 0);
        int last = Enumerable.Range(0, 10_000).Count(_ => random.Popular(100) == 99);

        // The square root of 1/100 against 1 minus the square root of 99/100.
        Assert.InRange(first, 900, 1100);
        Assert.InRange(last, 20, 90);
    }
}
