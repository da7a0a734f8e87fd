using System.Text;
using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Tools.Generate;
using Flume.Views.Indexing;
using Xunit.Abstractions;

namespace Flume.TestKit;

/// <summary>A generated log with unusual and hostile messages, mixed with records that are not messages.</summary>
internal sealed class HostileLog : IDisposable
{
    private static readonly string[] Hostile =
    [
        "no JSON", "{\"key\":", "5", "null", "[]", "\"text\"", "{}", "{\"key\":5,\"value\":{}}", "{\"key\":\"%a\"}",
        "{\"key\":\"%a\",\"value\":null}", "{\"key\":\"%a\",\"value\":[]}", "{\"key\":\"%a\",\"value\":{}}",
        "{\"key\":\"%a\",\"value\":{\"content\":null}}", "{\"key\":\"%a\",\"value\":{\"content\":[]},\"timestamp\":\"x\"}",
        "{\"key\":\"%a\",\"value\":{\"author\":5,\"sequence\":\"x\",\"timestamp\":{},\"content\":{\"type\":{}}},\"timestamp\":null}",
        "{\"key\":\"%a\",\"value\":{\"author\":\"@a\",\"content\":{\"type\":\"post\",\"mentions\":[null,[],{\"link\":{}}]}},\"timestamp\":1}",
        "{\"key\":\"%a\",\"value\":{\"author\":\"@a\",\"content\":{\"type\":\"post\",\"root\":{},\"channel\":[],\"text\":5}},\"timestamp\":1e999}",
        "{\"key\":\"%\\ud800\",\"value\":{\"author\":\"\",\"content\":{\"type\":\"\\u0000\",\"text\":\"\\ud800 abc\"}},\"timestamp\":-0}",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flume-hostile-");
    private readonly Random _random;
    private readonly List<ReadOnlyMemory<byte>> _rest = [];
    private readonly List<Offset> _messages = [];
    private readonly DecodedBatches _runs;

    public HostileLog(ITestOutputHelper output, bool appendLater = false)
    {
        int seed = TestSeed.Draw();
        output.WriteLine($"FLUME_SEED={seed}");
        _random = new Random(seed);
        string made = Path.Combine(_folder.FullName, "made.offset");
        GenerateOptions options = new() { Messages = 700, Authors = 9, Seed = (ulong)seed, Odd = true, Poison = true };
        FeedKeys keys = new LogGenerator(TimeProvider.System).Generate(made, options).Identity;
        Boxes = new Unboxer(keys);
        Log = OffsetLog.Open(Path.Combine(_folder.FullName, "log.offset"));
        List<ReadOnlyMemory<byte>> records = Mixed(made);
        int now = appendLater ? records.Count / 2 : records.Count;
        Log.Append(records.Take(now).ToArray(), Durability.Os);
        _rest.AddRange(records.Skip(now));
        _runs = new DecodedBatches(Log, new SsbFormat(Boxes));
        Count();
    }

    public OffsetLog Log { get; }

    public Unboxer Boxes { get; }

    /// <summary>The number of records that are not JSON.</summary>
    public long Faulty { get; private set; }

    public void AppendRest() => Log.Append(_rest.ToArray(), Durability.Os);

    /// <summary>Applies batches of random sizes up to <paramref name="until"/> or slightly further.</summary>
    public void Grow(ViewIndexer indexer, Offset until)
    {
        while (indexer.Since < until && _runs.Take(indexer.Since, new RunLimits(1 + _random.Next(90), 1 + _random.Next(60_000))) is { } run)
        {
            using (run) indexer.Step(run);
        }
    }

    public Offset SomeOffset() => new(_random.NextInt64(Log.Head.Value + 1));

    public Offset SomeMessage() => _messages[_random.Next(_messages.Count)];

    public void Dispose()
    {
        Log.Dispose();
        _folder.Delete(recursive: true);
    }

    private List<ReadOnlyMemory<byte>> Mixed(string made)
    {
        List<ReadOnlyMemory<byte>> records = [];
        using OffsetLog source = OffsetLog.Open(made);
        foreach (LogRecord record in source.Read(LogRange.All))
        {
            if (_random.Next(8) == 0) records.Add(Encoding.UTF8.GetBytes(Hostile[_random.Next(Hostile.Length)]));
            byte[] payload = record.Payload.ToArray();
            if (_random.Next(30) == 0) payload[_random.Next(payload.Length)] ^= (byte)(1 + _random.Next(255));
            records.Add(payload);
        }
        return records;
    }

    private void Count()
    {
        MessageDecoder decoder = new();
        foreach (LogRecord record in Log.Read(LogRange.All))
        {
            DecodedMessage decoded = decoder.Decode(record.Offset, record.Payload.Span);
            if (decoded.IsMessage) _messages.Add(record.Offset);
            if (!decoded.IsJson) Faulty++;
        }
    }
}
