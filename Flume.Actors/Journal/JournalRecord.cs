using System.Buffers;
using System.Text.Json;

namespace Flume.Actors;

/// <summary>One record of the journal: the events of one atomic write, or a deletion of events.</summary>
/// <remarks>
/// <c>{"id":"views-alice","first":7,"ticks":638…,"events":[{…},{…}]}</c>: events 7 and 8 of that persistent actor.
/// A write is atomic because it is one record: recovery keeps a complete record and cuts an incomplete one.
/// <c>{"id":"views-alice","deletedTo":6,"highest":8}</c>: events up to 6 (inclusive) are void; 8 is the last number in
/// use.
/// </remarks>
internal sealed record JournalRecord(
    string Id, long First, long Ticks, IReadOnlyList<object> Events, long DeletedTo, long Highest)
{
    /// <summary>The record of an atomic write.</summary>
    public static JournalRecord Write(string id, long first, long ticks, IReadOnlyList<object> events) =>
        new(id, first, ticks, events, 0, first + events.Count - 1);

    /// <summary>The record of a deletion.</summary>
    public static JournalRecord Delete(string id, long deletedTo, long highest) =>
        new(id, 0, 0, [], deletedTo, highest);

    /// <summary>The record's payload.</summary>
    public ReadOnlyMemory<byte> ToPayload()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("id", Id);
        if (Events.Count == 0)
        {
            json.WriteNumber("deletedTo", DeletedTo);
            json.WriteNumber("highest", Highest);
        }
        else
        {
            json.WriteNumber("first", First);
            json.WriteNumber("ticks", Ticks);
            json.WriteStartArray("events");
            foreach (object @event in Events) EventCodec.Write(json, @event);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Reads a payload.</summary>
    /// <exception cref="JsonException">The payload is not a record of a journal.</exception>
    public static JournalRecord Parse(ReadOnlyMemory<byte> payload)
    {
        using JsonDocument document = JsonDocument.Parse(payload);
        JsonElement json = document.RootElement;
        string id = json.GetProperty("id").GetString()!;
        if (json.TryGetProperty("deletedTo", out JsonElement deletedTo))
            return Delete(id, deletedTo.GetInt64(), json.GetProperty("highest").GetInt64());
        var events = new List<object>();
        foreach (JsonElement @event in json.GetProperty("events").EnumerateArray())
            events.Add(EventCodec.Read(@event));
        return Write(id, json.GetProperty("first").GetInt64(), json.GetProperty("ticks").GetInt64(), events);
    }
}
