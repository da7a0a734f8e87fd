using System.Buffers.Binary;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.TestKit;

/// <summary>The small network of tests/vectors: 1,000 messages made by the JavaScript modules.</summary>
internal static class SmallNetwork
{
    private static readonly Lazy<List<(long Offset, ReadOnlyMemory<byte> Payload)>> Log = new(ReadLog);

    /// <summary>The folder tests/.</summary>
    public static string Tests { get; } = FindTests();

    public static string Small => Path.Combine(Tests, "vectors", "small");

    /// <summary>Every record of the small log.</summary>
    public static IReadOnlyList<(long Offset, ReadOnlyMemory<byte> Payload)> Records => Log.Value;

    /// <summary>The reader of some of its private messages.</summary>
    public static FeedKeys Identity => SecretFile.Read(Path.Combine(Small, "secret"));

    /// <summary>Every message of the small log.</summary>
    public static IEnumerable<JsValue> Messages => Records.Select(r => JsValue.Parse(r.Payload));

    /// <summary>The folder of a peer's JavaScript modules, or null. FLUME_PEERS overrides tests/peers.</summary>
    public static string? Peer(string name)
    {
        string?[] places = [Environment.GetEnvironmentVariable("FLUME_PEERS"), Path.Combine(Tests, "peers")];
        IEnumerable<string> folders = places.OfType<string>().Select(place => Path.Combine(place, name));
        return Node.IsThere ? folders.FirstOrDefault(f => Directory.Exists(Path.Combine(f, "node_modules"))) : null;
    }

    private static List<(long, ReadOnlyMemory<byte>)> ReadLog()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Small, "log.offset"));
        var records = new List<(long, ReadOnlyMemory<byte>)>();
        for (int at = 0; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            records.Add((at, file.AsMemory(at + 4, length)));
            at += length + 12;
        }

        return records;
    }

    private static string FindTests()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Flume.sln")))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new DirectoryNotFoundException("Flume.sln is in no folder above"), "tests");
    }
}
