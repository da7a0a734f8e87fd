using System.Text;
using BenchmarkDotNet.Attributes;
using Flume.Log;
using Flume.Ssb.Messages;

namespace Flume.Benchmarks;

/// <summary>Taking one message of ordinary size apart, and finding its links.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private const string Id = "MVMGVgFC84yg8qdQ+N5YBFlBSiQwUJHjNLDvoKkMkKY=";
    private readonly MessageDecoder _decoder = new();
    private readonly byte[] _record = Encoding.UTF8.GetBytes(
        $$"""{"key":"%{{Id}}.sha256","value":{"previous":null,"sequence":7,"author":"@{{Id}}.ed25519","timestamp":1438787025000,"hash":"sha256","content":{"type":"post","text":"{{new string('x', 400)}}","root":"%{{Id}}.sha256","branch":["%{{Id}}.sha256"]},"signature":"s"},"timestamp":1438787145000}""");

    /// <summary>Bytes to values.</summary>
    [Benchmark]
    public bool Decode() => _decoder.Decode(Offset.Zero, _record).IsMessage;

    /// <summary>And the links of all views.</summary>
    [Benchmark]
    public int DecodeAndLink()
    {
        DecodedMessage message = _decoder.Decode(Offset.Zero, _record);
        return message.Backlinks.Count + message.ContentLinks.Count + message.ValueLinks.Count;
    }
}
