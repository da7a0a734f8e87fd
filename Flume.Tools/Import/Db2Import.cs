using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Tools.Doctor;

namespace Flume.Tools.Import;

/// <summary>Imports the log of ssb-db2: each record becomes the JSON of its message, in the same order.</summary>
/// <remarks>
/// A classic message whose id is not the hash of its value is left out and listed: it is not what was signed.
/// </remarks>
public static class Db2Import
{
    private const int ReportEvery = 1000;

    /// <summary>Copies the messages to a new log.</summary>
    /// <param name="source">The file <c>db2/log.bipf</c>; it is only read.</param>
    /// <param name="destination">The new log.</param>
    /// <param name="options">The width of the new log, and the receiver of the progress.</param>
    /// <param name="cancel">Cancels the import; nothing is left.</param>
    /// <exception cref="LogDamagedException">A record of the source leaves its block, or is no BIPF.</exception>
    /// <exception cref="LogRejectedException">The destination exists.</exception>
    public static Db2ImportReport Copy(
        string source, string destination, LogImportOptions options, CancellationToken cancel = default)
    {
        using BlockLog log = new(source);
        using NewLog made = NewLog.Create(destination, options.Width ?? OffsetWidth.Bits32);
        Db2ImportReport report = new(Path.GetFullPath(source), Path.GetFullPath(destination)) { TornBytes = log.TornBytes };
        foreach ((long position, ReadOnlyMemory<byte> data) in log.Records())
        {
            cancel.ThrowIfCancellationRequested();
            if (!data.Span.ContainsAnyExcept((byte)0)) report.Deleted++;
            else if (Check(Decode(position, data.Span, source), position, report) is { } message) made.Add(message);
            if ((made.Records + report.Deleted) % ReportEvery == 0)
                options.Progress?.Report(new LogProgress(position, log.Length, made.Records));
        }

        made.Complete();
        (report.Records, report.Bytes, report.Head) = (made.Records, made.Bytes, made.Head);
        return report;
    }

    /// <summary>The JSON of a message to keep; null for one whose id is wrong.</summary>
    private static byte[]? Check(JsValue stored, long position, Db2ImportReport report)
    {
        JsValue key = stored["key"], value = stored["value"];
        if (MessageIdCheck.IsClassic(key, value))
        {
            string computed = new CanonicalMessage(value).Id;
            if (!key.IsString || key.AsString != computed)
            {
                report.AddFault(new MessageFault(position, key.IsString ? key.AsString : key.ToJson(), computed));
                return null;
            }

            report.Messages++;
        }
        else report.OtherFormats++;

        return System.Text.Encoding.UTF8.GetBytes(stored.ToJson());
    }

    private static JsValue Decode(long position, ReadOnlySpan<byte> data, string source)
    {
        try
        {
            return Bipf.Decode(data);
        }
        catch (FormatException error)
        {
            throw new LogDamagedException(new Offset(position), $"the record is no BIPF: {error.Message}", source);
        }
    }
}

/// <summary>The result of an import from ssb-db2.</summary>
/// <param name="source">The path of the source.</param>
/// <param name="destination">The path of the new log.</param>
public sealed class Db2ImportReport(string source, string destination)
{
    private const int ListedMax = 20;
    private readonly List<MessageFault> _faults = [];

    /// <summary>The path of the source; its bytes do not change.</summary>
    public string Source => source;

    /// <summary>The path of the new log.</summary>
    public string Destination => destination;

    /// <summary>The records of the new log.</summary>
    public long Records { get; internal set; }

    /// <summary>The bytes of the new log.</summary>
    public long Bytes { get; internal set; }

    /// <summary>The head of the new log.</summary>
    public Offset Head { get; internal set; } = Offset.None;

    /// <summary>Classic messages whose ids are right.</summary>
    public long Messages { get; internal set; }

    /// <summary>Messages of other feed formats; their ids are not checked.</summary>
    public long OtherFormats { get; internal set; }

    /// <summary>Deleted records of the source; they are not copied.</summary>
    public long Deleted { get; internal set; }

    /// <summary>Bytes behind the last whole block of the source; they are not copied.</summary>
    public long TornBytes { get; internal init; }

    /// <summary>Messages that were left out because their ids are wrong, listed or not.</summary>
    public long FaultCount { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<MessageFault> Faults => _faults;

    internal void AddFault(MessageFault fault)
    {
        if (FaultCount++ < ListedMax) _faults.Add(fault);
    }
}

/// <summary>A message whose id is wrong.</summary>
/// <param name="Position">Its position in the source, in bytes.</param>
/// <param name="Key">The id that is stored.</param>
/// <param name="Computed">The id that its value hashes to.</param>
public sealed record MessageFault(long Position, string Key, string Computed);
