using Flume.Muxrpc.Calls;
using Flume.Ssb.Api;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>Writes of one connection take their places in the order in which they were sent.</summary>
public sealed class WriteOrderTests
{
    [Fact]
    public async Task Calls_of_one_lane_begin_in_order_and_wait_for_no_answer()
    {
        WriteOrder writes = new(new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, 4).ConcurrentScheduler);
        TaskCompletionSource answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<int> begun = [];
        for (int i = 0; i < 3000; i++)
        {
            int number = i;
            writes.Start(WriteLane.Feed, () =>
            {
                begun.Add(number);
                if (number == 2999) all.SetResult();
                return answers.Task;
            });
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(Enumerable.Range(0, 3000), begun);
        Assert.False(writes.AnsweredAsync().IsCompleted);
        answers.SetResult();
        await writes.AnsweredAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(WriteLane.Log)]
    [InlineData(WriteLane.Alone)]
    public async Task A_call_of_another_lane_begins_when_the_earlier_ones_are_answered(WriteLane lane)
    {
        WriteOrder writes = new(TaskScheduler.Default);
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isAnswered = false, came = false;
        writes.Start(WriteLane.Feed, async () =>
        {
            await answer.Task;
            isAnswered = true;
        });
        writes.Start(lane, () =>
        {
            came = isAnswered;
            return Task.CompletedTask;
        });
        answer.SetResult();
        await writes.AnsweredAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(came, "it began before the answer");
    }
}
