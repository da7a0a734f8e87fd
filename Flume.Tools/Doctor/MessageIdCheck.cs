using System.Text.Json;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Tools.Doctor;

/// <summary>Checks that the key of every stored message is the hash of its value (docs/spec 5.4).</summary>
public static class MessageIdCheck
{
    private const int BatchRecords = 4096;
    internal const int ListedMax = 100;

    /// <summary>Checks all records of a log on all cores.</summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public static MessageIdReport Run(string path, CancellationToken cancel)
    {
        using OffsetLog log = OffsetLog.Open(path, new LogOptions { ReadOnly = true });
        MessageIdReport report = new();
        List<LogRecord> batch = new(BatchRecords);
        foreach (LogRecord record in log.Read(LogRange.All))
        {
            batch.Add(record);
            if (batch.Count == BatchRecords) Check(batch, report, cancel);
        }

        Check(batch, report, cancel);
        return report;
    }

    private static void Check(List<LogRecord> batch, MessageIdReport report, CancellationToken cancel)
    {
        Outcome[] outcomes = new Outcome[batch.Count];
        Parallel.For(
            0, batch.Count, new ParallelOptions { CancellationToken = cancel }, i => outcomes[i] = Check(batch[i]));
        foreach (Outcome outcome in outcomes)
        {
            if (outcome.Kind == RecordKind.Other) report.Others++;
            else if (outcome.Kind == RecordKind.OtherFormat) report.OtherFormats++;
            else if (outcome.Kind == RecordKind.Unreadable) report.AddUnreadable(outcome.Ids.Offset);
            else if (outcome.Ids.Key == outcome.Ids.Computed) report.Messages++;
            else if (report.FaultCount++ < ListedMax) report.Faults.Add(outcome.Ids);
        }

        batch.Clear();
    }

    private static Outcome Check(LogRecord record)
    {
        MessageIdFault none = new(record.Offset, "", "");
        try
        {
            JsValue stored = JsValue.ParseWhole(record.Payload);
            JsValue key = stored["key"], value = stored["value"];
            if (key.IsUndefined || !value.IsObject) return new(RecordKind.Other, none);
            if (!IsClassic(key, value)) return new(RecordKind.OtherFormat, none);
            string computed = new CanonicalMessage(MessageView.OriginalValue(value)).Id;
            return new(RecordKind.Classic, new(record.Offset, key.IsString ? key.AsString : key.ToJson(), computed));
        }
        catch (JsSyntaxException)
        {
            return new(RecordKind.Unreadable, none);
        }
    }

    /// <summary>
    /// True for a record with the key or with the author and the signature of a classic message: one of them may be
    /// what changed. Other feed formats, and other JSON with a key and a value, have neither.
    /// </summary>
    internal static bool IsClassic(JsValue key, JsValue value) =>
        (key.IsString && Ref.IsMessage(key.AsString))
        || (value["author"] is { IsString: true } author && Ref.IsFeed(author.AsString)
            && value["signature"] is { IsString: true } signature
            && signature.AsString.EndsWith(".sig.ed25519", StringComparison.Ordinal));

    private enum RecordKind
    {
        Other,
        OtherFormat,
        Unreadable,
        Classic,
    }

    private readonly record struct Outcome(RecordKind Kind, MessageIdFault Ids);
}

/// <summary>A stored message with its key and the hash of its value.</summary>
public sealed record MessageIdFault(Offset Offset, string Key, string Computed);

/// <summary>The result of a check of message ids.</summary>
public sealed class MessageIdReport
{
    /// <summary>The number of messages with the right key.</summary>
    public long Messages { get; set; }

    /// <summary>The number of records without a message.</summary>
    public long Others { get; set; }

    /// <summary>
    /// The number of records with a key and a value that are no classic messages, such as messages of other feed
    /// formats: their keys are not checked.
    /// </summary>
    public long OtherFormats { get; set; }

    /// <summary>The number of records that are not JSON, listed or not.</summary>
    public long UnreadableCount { get; private set; }

    /// <summary>The first of these records.</summary>
    public List<Offset> Unreadable { get; } = [];

    /// <summary>The number of messages with a wrong key, listed or not.</summary>
    public long FaultCount { get; set; }

    /// <summary>The first of these messages.</summary>
    public List<MessageIdFault> Faults { get; } = [];

    /// <summary>Counts a record that is not JSON.</summary>
    internal void AddUnreadable(Offset offset)
    {
        if (UnreadableCount++ < MessageIdCheck.ListedMax) Unreadable.Add(offset);
    }

    /// <summary>Writes the result as the member <c>ids</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("ids");
        json.WriteNumber("messages", Messages);
        json.WriteNumber("others", Others);
        json.WriteNumber("otherFormats", OtherFormats);
        json.WriteNumber("unreadable", UnreadableCount);
        json.WriteNumber("faultCount", FaultCount);
        json.WriteStartArray("faults");
        foreach (MessageIdFault fault in Faults)
        {
            json.WriteStartObject();
            json.WriteNumber("offset", fault.Offset.Value);
            json.WriteString("key", fault.Key);
            json.WriteString("computed", fault.Computed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
