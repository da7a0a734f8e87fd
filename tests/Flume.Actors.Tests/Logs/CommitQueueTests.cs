using Flume.Actors.Protocol;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;

namespace Flume.Actors.Tests.Logs;

public sealed class CommitQueueTests
{
    private static readonly AppendLimits Limits = new(
        WaitingMax: 6, WaitingBytesMax: 100, GroupMax: 3, GroupBytesMax: 40, RecordBytesMax: 50);

    [Fact]
    public void An_empty_buffer_has_no_group() => Assert.Null(new CommitQueue<int>(Limits).Take());

    [Fact]
    public void Appends_that_fit_one_group_leave_together_in_order()
    {
        var buffer = new CommitQueue<string>(Limits);
        Assert.Null(buffer.Add("a", Append(1, 2)));
        Assert.Null(buffer.Add("b", Append(3)));
        CommitBatch<string> group = buffer.Take()!;
        Assert.Equal([1, 2, 3], group.Payloads.Select(payload => payload.Length));
        Assert.Equal([("a", 2), ("b", 1)], group.Callers);
        Assert.Null(buffer.Take());
    }

    [Fact]
    public void A_group_is_as_durable_as_the_strongest_of_its_appends()
    {
        var buffer = new CommitQueue<int>(Limits);
        buffer.Add(1, Append(Durability.Os, 1));
        buffer.Add(2, Append(Durability.Fsync, 1));
        buffer.Add(3, Append(Durability.Memory, 1));
        buffer.Add(4, Append(Durability.Os, 1));
        Assert.Equal(Durability.Fsync, buffer.Take()!.Durability);
        Assert.Equal(Durability.Os, buffer.Take()!.Durability);
    }

    [Fact]
    public void One_append_larger_than_a_group_is_a_group_of_its_own()
    {
        var buffer = new CommitQueue<int>(Limits);
        buffer.Add(1, Append(1));
        buffer.Add(2, Append(1, 1, 1, 1));
        buffer.Add(3, Append(1));
        Assert.Equal([1, 4, 1], Drain(buffer).Select(group => group.Payloads.Count));
    }

    [Fact]
    public void A_payload_above_the_record_limit_is_refused_with_its_size_and_the_limit()
    {
        LogProtocol.AppendRejected? refusal = new CommitQueue<int>(Limits).Add(1, Append(3, 51));
        Assert.Equal(AppendRejection.TooLarge, refusal!.Rejection);
        Assert.Contains("Payload 1", refusal.Text);
        Assert.Contains("51 bytes", refusal.Text);
        Assert.Contains("50", refusal.Text);
    }

    [Fact]
    public void A_payload_without_bytes_is_refused_before_it_spoils_a_group()
    {
        var buffer = new CommitQueue<int>(Limits);
        Assert.Equal(AppendRejection.Malformed, buffer.Add(1, Append(3, 0))!.Rejection);
        Assert.Equal(0, buffer.Waiting);
    }

    [Fact]
    public void An_append_that_could_never_fit_is_too_large_and_one_that_could_is_told_to_try_again()
    {
        var buffer = new CommitQueue<int>(Limits);
        Assert.Equal(AppendRejection.TooLarge, buffer.Add(1, Append(1, 1, 1, 1, 1, 1, 1))!.Rejection);
        Assert.Equal(AppendRejection.TooLarge, buffer.Add(1, Append(50, 50, 1))!.Rejection);
        Assert.Null(buffer.Add(1, Append(1, 1, 1, 1)));
        Assert.Equal(AppendRejection.Busy, buffer.Add(2, Append(1, 1, 1))!.Rejection);
        Assert.Equal((4, 4L), (buffer.Waiting, buffer.WaitingBytes));
    }

    [Fact]
    public void Each_caller_is_answered_with_its_own_offsets_and_the_head_of_the_group()
    {
        var buffer = new CommitQueue<string>(Limits);
        buffer.Add("a", Append(1, 1));
        buffer.Add("b", Append());
        buffer.Add("c", Append(1));
        var result = new AppendResult([new(0), new(13), new(26)], new Offset(26), 39);
        var answers = buffer.Take()!.Answers(result).ToList();
        Assert.Equal(["a", "b", "c"], answers.Select(answer => answer.Caller));
        Assert.Equal([new(0), new(13)], answers[0].Appended.Offsets);
        Assert.Empty(answers[1].Appended.Offsets);
        Assert.Equal(new Offset(26), answers[1].Appended.Last);
        Assert.Equal([new(26)], answers[2].Appended.Offsets);
    }

    [Fact]
    public void Whatever_comes_leaves_once_in_order_within_the_limits() => TestSeed.Run(200, random =>
    {
        var buffer = new CommitQueue<int>(Limits);
        var sent = new List<int>();
        var left = new List<int>();
        for (int i = 0; i < 100; i++)
        {
            if (random.Next(3) > 0)
            {
                var append = Append([.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(1, 30))]);
                if (buffer.Add(i, append) is null) sent.Add(i);
            }
            else if (buffer.Take() is { } group)
            {
                left.AddRange(group.Callers.Select(caller => caller.Caller));
                bool isWithin = group.Payloads.Count <= Limits.GroupMax
                    && group.Payloads.Sum(payload => payload.Length) <= Limits.GroupBytesMax;
                Assert.True(isWithin || group.Callers.Count == 1);
            }

            Assert.InRange(buffer.Waiting, 0, Limits.WaitingMax);
            Assert.InRange(buffer.WaitingBytes, 0, Limits.WaitingBytesMax);
        }

        left.AddRange(Drain(buffer).SelectMany(group => group.Callers).Select(caller => caller.Caller));
        Assert.Equal(sent, left);
        Assert.Equal((0, 0L), (buffer.Waiting, buffer.WaitingBytes));
    });

    [Fact]
    public void The_gate_lets_in_what_the_buffer_holds_and_counts_until_the_answer()
    {
        var gate = new AppendAdmission(Limits);
        Assert.True(gate.TryEnter(4, 90));
        Assert.False(gate.TryEnter(3, 1));
        Assert.False(gate.TryEnter(1, 11));
        Assert.Contains("4 of 6 payloads and 90 of 100 bytes", gate.Refusal());
        Assert.True(gate.TryEnter(2, 10));
        gate.Leave(4, 90);
        Assert.True(gate.TryEnter(3, 11));
    }

    [Fact]
    public void The_gate_lets_an_oversized_append_into_an_empty_buffer_to_be_told_what_is_wrong()
    {
        var gate = new AppendAdmission(Limits);
        Assert.True(gate.TryEnter(1, 1000));
        Assert.False(gate.TryEnter(1, 1));
        gate.Leave(1, 1000);
        Assert.True(gate.TryEnter(1, 1));
    }

    private static LogProtocol.Append Append(params int[] lengths) => Append(Durability.Os, lengths);

    private static LogProtocol.Append Append(Durability durability, params int[] lengths) =>
        new([.. lengths.Select(length => (ReadOnlyMemory<byte>)new byte[length])], durability);

    private static IEnumerable<CommitBatch<T>> Drain<T>(CommitQueue<T> buffer)
    {
        while (buffer.Take() is { } group) yield return group;
    }
}
