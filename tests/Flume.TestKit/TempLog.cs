using System.Text;
using Flume.Log;

namespace Flume.TestKit;

/// <summary>A temporary directory for one test, with helpers that write logs into it.</summary>
internal sealed class TempLog : IDisposable
{
    public TempLog()
    {
        Directory = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "flume-log-" + Guid.NewGuid().ToString("n"));
        System.IO.Directory.CreateDirectory(Directory);
    }

    public string Directory { get; }

    public string Path => System.IO.Path.Combine(Directory, "log.offset");

    public OffsetLog Open(OffsetWidth? width = null) => OffsetLog.Open(Path, new LogOptions { Width = width });

    public OffsetLog Follow() => OffsetLog.Open(Path, new LogOptions { ReadOnly = true });

    /// <summary>Writes a closed log of the given payloads; returns their offsets.</summary>
    public IReadOnlyList<Offset> Write(OffsetWidth width, params byte[][] payloads)
    {
        using OffsetLog log = Open(width);
        return log.AppendAll(payloads);
    }

    public byte[] Bytes() => File.ReadAllBytes(Path);

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static string RepositoryPath(params string[] parts)
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(System.IO.Path.Combine(at, "Flume.sln")))
            at = System.IO.Path.GetDirectoryName(at);
        if (at is null)
            throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Flume.sln.");
        return System.IO.Path.Combine([at, .. parts]);
    }
}

/// <summary>Common log operations of tests.</summary>
internal static class LogActions
{
    public static IReadOnlyList<Offset> AppendAll(this OffsetLog log, params byte[][] payloads) =>
        log.Append([.. payloads.Select(payload => new ReadOnlyMemory<byte>(payload))], Durability.Os).Offsets;

    public static List<(long Offset, byte[] Payload)> All(this OffsetLog log, LogRange? range = null)
    {
        var read = new List<(long, byte[])>();
        foreach (LogRecord record in log.Read(range ?? LogRange.All))
            read.Add((record.Offset.Value, record.Payload.ToArray()));
        return read;
    }

    public static long[] Offsets(this OffsetLog log, LogRange? range = null) =>
        [.. log.All(range).Select(entry => entry.Offset)];
}
