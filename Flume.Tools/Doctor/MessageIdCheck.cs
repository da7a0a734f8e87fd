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
        MessageIdFault?[] outcomes = new MessageIdFault?[batch.Count];
        Parallel.For(
            0, batch.Count, new ParallelOptions { CancellationToken = cancel }, i => outcomes[i] = Check(batch[i]));
        foreach (MessageIdFault? outcome in outcomes)
        {
            if (outcome is null) report.Others++;
            else if (outcome.Key.Length == 0) report.AddUnreadable(outcome.Offset);
            else if (outcome.Key == outcome.Computed) report.Messages++;
            else if (report.FaultCount++ < ListedMax) report.Faults.Add(outcome);
        }

        batch.Clear();
    }

    private static MessageIdFault? Check(LogRecord record)
    {
        try
        {
            JsValue stored = JsValue.ParseWhole(record.Payload);
            JsValue key = stored["key"];
            if (!key.IsString || !stored["value"].IsObject) return null;
            JsValue value = MessageView.OriginalValue(stored["value"]);
            return new MessageIdFault(record.Offset, key.AsString, new CanonicalMessage(value).Id);
        }
        catch (JsSyntaxException)
        {
            return new MessageIdFault(record.Offset, "", "");
        }
    }
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
