using Flume.Codec.Json;
using Flume.Codec.Messages;
using Flume.Generate;
using Flume.Log;
using Flume.Tests.Golden;

namespace Flume.Tests.Api.Parity;

/// <summary>
/// One generated log, served by Flume, with what random requests are made of; optionally by JavaScript too.
/// </summary>
internal sealed class ParityWorld : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("flume-parity-");
    private readonly Lazy<JavaScriptPeer> _peer;

    /// <summary>A log of these options; its identity is its busiest author.</summary>
    /// <param name="options">The log.</param>
    /// <param name="more">True to ask the plugins of other line-ups too.</param>
    public ParityWorld(GenerateOptions options, bool more = false)
    {
        string theirs = Directory.CreateDirectory(Path.Combine(_directory.FullName, "js", "flume")).FullName;
        string log = Path.Combine(theirs, "log.offset");
        GenerateResult made = new LogGenerator(TimeProvider.System).Generate(log, options with { WriteSecret = true });
        File.Move(made.SecretPath!, Path.Combine(_directory.FullName, "js", "secret"));
        Keys = SecretFile.Read(Path.Combine(_directory.FullName, "js", "secret"));
        Identity = new LocalIdentity(Path.Combine(_directory.FullName, "net"), log, Keys);
        foreach (LogRecord record in Identity.Log.Read(LogRange.All)) Messages.Add(Opened(record));
        _peer = new Lazy<JavaScriptPeer>(() => new JavaScriptPeer(Path.Combine(_directory.FullName, "js"), more));
    }

    public FeedKeys Keys { get; }

    /// <summary>Flume's side.</summary>
    public LocalIdentity Identity { get; }

    /// <summary>JavaScript's side, started when it is first asked.</summary>
    public JavaScriptPeer Peer => _peer.Value;

    /// <summary>Every message, opened where possible, in the order of the log.</summary>
    public List<JsValue> Messages { get; } = [];

    /// <summary>Their offsets.</summary>
    public List<long> Offsets { get; } = [];

    public void Dispose()
    {
        if (_peer.IsValueCreated) _peer.Value.Dispose();
        Identity.Dispose();
        _directory.Delete(recursive: true);
    }

    private JsValue Opened(LogRecord record)
    {
        Offsets.Add(record.Offset.Value);
        return MessageView.Decrypt(JsValue.Parse(record.Payload.ToArray()), Identity.Boxes!, record.Offset);
    }
}
