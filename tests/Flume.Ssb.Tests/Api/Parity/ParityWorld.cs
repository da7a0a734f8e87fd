using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Flume.Tools.Generate;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>
/// One generated log, served by Flume and optionally by JavaScript, with the values for random requests.
/// </summary>
internal sealed class ParityWorld : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("flume-parity-");
    private readonly Lazy<JavaScriptPeer> _peer;

    /// <summary>A log with these options. The identity is its most active author.</summary>
    /// <param name="options">The options of the log.</param>
    /// <param name="more">True to include the plugins of other line-ups.</param>
    /// <param name="wild">The number of unusual records after the generated ones.</param>
    public ParityWorld(GenerateOptions options, bool more = false, int wild = 0)
    {
        TextTimes = wild > 0 && options.Seed % 2 == 1;
        string theirs = Directory.CreateDirectory(Path.Combine(_directory.FullName, "js", "flume")).FullName;
        string log = Path.Combine(theirs, "log.offset");
        GenerateResult made = new LogGenerator(TimeProvider.System).Generate(log, options with { WriteSecret = true });
        File.Move(made.SecretPath!, Path.Combine(_directory.FullName, "js", "secret"));
        Keys = SecretFile.Read(Path.Combine(_directory.FullName, "js", "secret"));
        if (wild > 0) AddWild(log, wild, new Random((int)options.Seed));
        Identity = new LocalIdentity(Path.Combine(_directory.FullName, "net"), log, Keys);
        foreach (LogRecord record in Identity.Log.Read(LogRange.All)) Messages.Add(Opened(record));
        _peer = new Lazy<JavaScriptPeer>(() => new JavaScriptPeer(Path.Combine(_directory.FullName, "js"), more));
    }

    public FeedKeys Keys { get; }

    /// <summary>True if some messages claim a text as time.</summary>
    public bool TextTimes { get; }

    /// <summary>Another identity, whose boxes the first one cannot decrypt.</summary>
    public FeedKeys Other { get; } = FeedKeys.FromSeed([.. Enumerable.Repeat((byte)7, 32)]);

    /// <summary>Flume's side.</summary>
    public LocalIdentity Identity { get; }

    /// <summary>JavaScript's side, started on first use.</summary>
    public JavaScriptPeer Peer => _peer.Value;

    /// <summary>All messages, decrypted if possible, in log order.</summary>
    public List<JsValue> Messages { get; } = [];

    /// <summary>Their offsets.</summary>
    public List<long> Offsets { get; } = [];

    public void Dispose()
    {
        if (_peer.IsValueCreated) _peer.Value.Dispose();
        Identity.Dispose();
        _directory.Delete(recursive: true);
    }

    private void AddWild(string path, int count, Random random)
    {
        using OffsetLog log = OffsetLog.Open(path);
        List<JsValue> messages = [.. Records(log).Select(record => JsValue.Parse(record.Payload.ToArray()))];
        WildMessages wild = new(messages, Keys, Other, random) { TextTimes = TextTimes };
        for (int i = 0; i < count; i++) log.Append(wild.Next(), Durability.Os);
    }

    private static IEnumerable<LogRecord> Records(OffsetLog log)
    {
        foreach (LogRecord record in log.Read(LogRange.All)) yield return record;
    }

    private JsValue Opened(LogRecord record)
    {
        Offsets.Add(record.Offset.Value);
        return MessageView.Decrypt(JsValue.Parse(record.Payload.ToArray()), Identity.Boxes!, record.Offset);
    }
}
