using Flume.Log.Primitives;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

public sealed class RepeatedNotesTests
{
    [Fact]
    public void A_failure_that_repeats_is_written_once_and_then_counted_once_a_minute()
    {
        List<string> written = [];
        ManualTime time = new();
        RepeatedNotes notes = new(written.Add, time);
        for (int i = 0; i < 10_000; i++) notes.Failed("GET /v1/{name}/log", new IOException("Too many open files"));
        notes.Failed("POST /v1/{name}/rpc", new IOException("Too many open files"));
        Assert.Equal(2, written.Count);
        Assert.Contains("GET /v1/{name}/log failed unexpectedly: System.IO.IOException: Too many open files", written[0]);

        time.Advance(TimeSpan.FromSeconds(61));
        notes.Failed("GET /v1/{name}/log", new IOException("Too many open files"));
        Assert.Equal("GET /v1/{name}/log failed 10000 more times in the last minute or more: Too many open files", written[2]);
        notes.Failed("GET /v1/{name}/log", new IOException("Too many open files"));
        Assert.Equal(3, written.Count);
    }

    [Fact]
    public void The_number_of_kinds_that_are_remembered_is_limited()
    {
        int written = 0;
        RepeatedNotes notes = new(_ => written++, new ManualTime());
        for (int i = 0; i < 1000; i++) notes.Failed($"call {i}", new IOException("x"));
        Assert.Equal(1000, written);
    }
}
