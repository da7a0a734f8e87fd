using System.Diagnostics;
using Xunit.Abstractions;

namespace Flume.Replication.Tests;

/// <summary>Initial synchronisation of a generated log, printed; runs only when FLUME_SYNC names its folder.</summary>
public sealed class SyncBenchmark(ITestOutputHelper output)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("FLUME_SYNC");

    [SkippableByEnvironment("FLUME_SYNC")]
    public async Task Flume_receives_from_Flume()
    {
        await using FlumePeer sender = await FlumePeer.StartAsync("", Folder), receiver = await FlumePeer.StartAsync();
        await IndexedAsync(sender);
        await receiver.FollowAsync(sender.Id);
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp(), accepted = -1;
        await receiver.ConnectAsync(sender.Address);
        while (receiver.Hosted.Replication.Behind() > 0 || accepted != receiver.Hosted.Replication.AcceptedCount
            || receiver.Hosted.Replication.Wanted().Count < 3)
        {
            accepted = receiver.Hosted.Replication.AcceptedCount;
            await Task.Delay(100);
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(1))
                Assert.Fail((await receiver.CallAsync("flume.replication")).ToJson());
        }

        Report("Flume <- Flume", accepted, Stopwatch.GetElapsedTime(start), Process.GetCurrentProcess().TotalProcessorTime - cpu);
    }

    [SkippableByEnvironment("FLUME_SYNC")]
    public async Task Js16_receives_from_Flume()
    {
        await using FlumePeer sender = await FlumePeer.StartAsync("", Folder);
        await using JsPeer receiver = await JsPeer.StartAsync("js16");
        await IndexedAsync(sender);
        await receiver.CallAsync("follow", sender.Id);
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime, last = default;
        long start = Stopwatch.GetTimestamp(), sent = -1;
        await receiver.CallAsync("connect", sender.Address);
        while (Stopwatch.GetElapsedTime(start) < last + TimeSpan.FromSeconds(6))
        {
            if (sent != sender.Hosted.Replication.SentCount) last = Stopwatch.GetElapsedTime(start);
            sent = sender.Hosted.Replication.SentCount;
            await Task.Delay(100);
        }

        Report("js16 <- Flume", sent, last, Process.GetCurrentProcess().TotalProcessorTime - cpu);
    }

    private static async Task IndexedAsync(FlumePeer peer)
    {
        while (!(await peer.CallAsync("status"))["sync"]["sync"].IsTruthy) await Task.Delay(100);
    }

    private void Report(string what, long messages, TimeSpan wall, TimeSpan cpu) => output.WriteLine(
        $"{what}: {messages} messages in {wall.TotalSeconds:0.00} s, CPU of this process {cpu.TotalSeconds:0.00} s, " +
        $"{cpu.TotalMicroseconds / Math.Max(1, messages):0} us a message, " +
        $"peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
}

/// <summary>A measurement; skipped unless an environment variable asks for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SkippableByEnvironmentAttribute : FactAttribute
{
    public SkippableByEnvironmentAttribute(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 })
            Skip = $"a measurement: set {variable} to the folder of a generated log";
    }
}
