using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;
using Flume.Ssb.Views.Feeds;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Api.Publishing;

/// <summary>An identity under random calls, beside a model of what was acknowledged.</summary>
internal sealed class FeedModel(Random random) : IAsyncDisposable
{
    private readonly MoodyDisk _disk = new();
    private readonly SortedDictionary<long, JsValue> _acknowledged = [];
    private readonly SortedDictionary<string, int> _done = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);
    private readonly Dictionary<long, JsValue> _beforeDelete = [];
    private readonly FeedKeys _other = FeedKeys.FromSeed([.. Enumerable.Repeat((byte)3, 32)]);
    private EngineRig _rig = null!;
    private FeedState? _otherState;
    private byte[]? _backup;
    private int _texts;

    /// <summary>What was done how often.</summary>
    public string Summary => string.Join(", ", _done.Select(done => $"{done.Key} {done.Value}")) + $"; own {_acknowledged.Count}";

    public async Task StartAsync()
    {
        const string hocon = "flume { identities.answer-within-ms = 150, reads.wait-ms-max = 10000 }";
        _rig = new EngineRig(hocon, new FeedsView()) { LogOptions = new LogOptions { Disk = _disk } };
        await _rig.StartAsync();
    }

    public Task StepAsync() => random.Next(40) switch
    {
        < 12 => PublishAsync(default),
        < 18 => PublishAndLeaveAsync(),
        < 22 => Task.WhenAll(Enumerable.Range(0, random.Next(2, 9)).Select(_ => PublishAsync(default)).ToArray()),
        < 26 => AddAsync(),
        < 29 => RawAsync(),
        < 31 => SlowAsync(),
        < 33 => FailAsync(),
        < 36 => DeleteAsync(),
        36 => DeleteNewestAsync(),
        37 => RestartAsync(),
        38 when random.Next(4) == 0 => RestoreAsync(),
        _ => BackUpAsync(),
    };

    public async Task EndAsync()
    {
        await RestartAsync();
        await PublishAsync(default);
        Check();
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    private async Task PublishAsync(CancellationToken cancel)
    {
        JsValue content = JsValue.From(new JsObject()
            .Set("type", JsValue.From("post")).Set("text", JsValue.From($"{Interlocked.Increment(ref _texts)}")));
        if (await TryAsync(() => _rig.Alice.Publisher.PublishAsync(content, cancel).AsTask()) is not { IsObject: true } stored) return;
        lock (_acknowledged)
        {
            Count("published");
            Assert.True(_acknowledged.TryAdd((long)stored["value"]["sequence"].AsNumber, stored), $"acknowledged twice: {stored}");
        }
    }

    private async Task PublishAndLeaveAsync()
    {
        Count("left");
        using CancellationTokenSource leaves = new();
        Task publish = PublishAsync(leaves.Token);
        for (int i = random.Next(200); i > 0; i--) await Task.Yield();
        await leaves.CancelAsync();
        await publish;
    }

    private async Task AddAsync()
    {
        using CancellationTokenSource leaves = new();
        Assert.True(new MessageAuthor(_other).TryWrite(_otherState, JsValue.Parse("""{"type":"post"}"""), ++_texts, out JsObject message, out _));
        JsValue value = JsValue.ParseWhole(JsWriter.ToUtf8(JsValue.From(message)));
        Task<IReadOnlyList<JsValue>> add = _rig.Alice.Publisher.AddAsync([value], skipInvalid: false, leaves.Token).AsTask();
        if (random.Next(3) == 0) await leaves.CancelAsync();
        Count("added");
        await TryAsync(() => add);
        await SettleAsync();
        _otherState = NewestOf(_other.Id);
    }

    private async Task RawAsync()
    {
        Count("raw");
        await TryAsync(() => _rig.Alice.AppendAsync([EngineRig.Message(random.Next(99))], Durability.Os).AsTask());
    }

    /// <summary>Callers get an unknown outcome while the disk continues to write.</summary>
    private async Task SlowAsync()
    {
        Count("slow");
        _disk.DelayMs = 200;
        Task publishes = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PublishAsync(default)).ToArray());
        await PublishAsync(default);
        _disk.DelayMs = 0;
        await publishes;
    }

    private async Task FailAsync()
    {
        Count("failed");
        bool syncs = random.Next(2) == 0;
        (_disk.FailsSyncs, _disk.FailsWrites) = (syncs, !syncs);
        await Task.WhenAll(PublishAsync(default), PublishAndLeaveAsync());
        (_disk.FailsSyncs, _disk.FailsWrites) = (false, false);
        if (random.Next(3) == 0) await RestartAsync();
        else await TryAsync(async () =>
        {
            await _rig.Alice.ReopenLogAsync();
            return true;
        });
    }

    private async Task DeleteAsync()
    {
        if (Own() is not { Count: > 1 } own) return;
        (Offset offset, JsValue message) = own[random.Next(own.Count - 1)];
        Count("deleted");
        NoteDeleted(message);
        using CancellationTokenSource leaves = new();
        Task deletion = _rig.Alice.DeleteAsync(offset, leaves.Token).AsTask();
        if (random.Next(2) == 0) await leaves.CancelAsync();
        await TryAsync(async () =>
        {
            await deletion;
            return true;
        });
    }

    /// <summary>Peers keep what this log deletes, also a message whose append was never acknowledged.</summary>
    private void NoteDeleted(JsValue message)
    {
        _deleted.Add(message["key"].AsString);
        _beforeDelete[(long)message["value"]["sequence"].AsNumber] = JsValue.ParseWhole(JsWriter.ToUtf8(message));
    }

    private async Task DeleteNewestAsync()
    {
        await SettleAsync();
        if (Own() is not { Count: > 0 } own) return;
        (Offset offset, JsValue newest) = own[^1];
        Exception? why = await Record.ExceptionAsync(async () => await _rig.Alice.DeleteAsync(offset));
        Count(why is null ? "deleted" : "kept");
        if (why is not null && why is not AppendFailedException) return;
        // A message of a caller that left may have followed it by then.
        NoteDeleted(newest);
        bool isDeleted = _rig.Alice.Log.TryRead(offset, out LogRecord record) && record.Deleted;
        Assert.True(!isDeleted || NewestOf(_rig.Alice.Keys!.Id)?.Sequence > (long)newest["value"]["sequence"].AsNumber,
            "the newest own message was deleted");
    }

    private async Task RestartAsync()
    {
        Count("restarted");
        await _rig.RestartAsync();
        Check();
    }

    private async Task BackUpAsync()
    {
        await SettleAsync();
        using FileStream file = new(_rig.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[_rig.Alice.Log.EndPosition];
        file.ReadExactly(bytes);
        _backup = bytes;
        Count("backed up");
    }

    /// <summary>An older log comes back, and with it the need to fetch the own feed before anything is published.</summary>
    private async Task RestoreAsync()
    {
        if (_backup is not { } backup) return;
        Count("restored");
        await RestartAsync();
        SortedDictionary<long, JsValue> known = new(_acknowledged);
        foreach ((long sequence, JsValue message) in _beforeDelete) known[sequence] = message;
        foreach ((_, JsValue message) in Own()) known[(long)message["value"]["sequence"].AsNumber] = message;
        await _rig.Engine.StopAsync();
        string folder = Path.GetDirectoryName(_rig.LogPath)!;
        foreach (string file in Directory.GetFiles(folder, "log.offset*")) File.Delete(file);
        Directory.Delete(Path.Combine(folder, "views"), recursive: true);
        await File.WriteAllBytesAsync(_rig.LogPath, backup);
        long newest = known.Count == 0 ? 0 : known.Keys.Max();
        new ForkGuard(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 0, newest).Write(folder);
        await _rig.StartAsync();
        JsValue[] lost = [.. known.Values.Select(message => JsValue.ParseWhole(JsWriter.ToUtf8(message["value"])))];
        for (int tries = 0; newest > 0 && NewestOf(_rig.Alice.Keys!.Id)?.Sequence != newest; tries++)
        {
            // What the log has is left out; a time-out leaves the outcome unknown, and the next try goes on behind it.
            Assert.True(tries < 50, $"number {newest} did not come back");
            await TryAsync(() => _rig.Alice.Publisher.AddAsync(lost, skipInvalid: true, default).AsTask());
            await SettleAsync();
        }

        _otherState = NewestOf(_other.Id);
        Check();
    }

    /// <summary>Waits until the log's writer is done with what was sent.</summary>
    private Task SettleAsync() => TryAsync(() => _rig.Alice.AppendAsync([], Durability.Os).AsTask());

    private FeedState? NewestOf(string feed)
    {
        FeedState? newest = null;
        foreach ((_, JsValue message) in Messages(feed))
        {
            JsValue value = message["value"];
            newest = new FeedState(message["key"].AsString, (long)value["sequence"].AsNumber, value["timestamp"].AsNumber);
        }

        return newest;
    }

    private List<(Offset Offset, JsValue Message)> Own() => Messages(_rig.Alice.Keys!.Id);

    private List<(Offset Offset, JsValue Message)> Messages(string author)
    {
        List<(Offset, JsValue)> found = [];
        foreach (LogRecord record in _rig.Alice.Log.Read(LogRange.All))
        {
            JsValue message = JsValue.Parse(record.Payload.ToArray());
            if (message["value"]["author"].AsString == author) found.Add((record.Offset, message));
        }

        return found;
    }

    private void Check()
    {
        Dictionary<long, JsValue> inLog = [];
        long last = 0;
        foreach ((_, JsValue message) in Own())
        {
            long sequence = (long)message["value"]["sequence"].AsNumber;
            Assert.True(sequence > last, $"{sequence} comes behind {last}: {message}");
            if (sequence == last + 1 && last > 0)
                Assert.Equal(inLog[last]["key"].AsString, message["value"]["previous"].AsString);
            inLog[last = sequence] = message;
        }

        foreach ((long sequence, JsValue message) in _acknowledged)
        {
            bool isThere = inLog.TryGetValue(sequence, out JsValue stored) && stored["key"].AsString == message["key"].AsString;
            Assert.True(isThere || _deleted.Contains(message["key"].AsString), $"acknowledged and lost: {message}");
        }

        IEnumerable<long> missing = Enumerable.Range(1, (int)last).Select(one => (long)one).Except(inLog.Keys);
        Assert.True(missing.Count() <= _deleted.Count, $"a gap at {string.Join(", ", missing)}");
    }

    private async Task<T?> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception refused) when (refused is AppendRejectedException or AppendFailedException or ReadRejectedException
            or OperationCanceledException or ApiException or IdentityRejectedException)
        {
            lock (_done) Count(refused.GetType().Name);
            return default;
        }
    }

    private void Count(string what)
    {
        lock (_done) _done[what] = _done.GetValueOrDefault(what) + 1;
    }
}
