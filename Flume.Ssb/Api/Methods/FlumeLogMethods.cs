using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Reading;

namespace Flume.Ssb.Api.Methods;

/// <summary>
/// The log operations of JavaScript's flumedb. The npm client's flumelog uses them (docs/spec 1.1, 2).
/// </summary>
internal static class FlumeLogMethods
{
    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Async("flume.append", Scope.Append, null,
            "(value | [value], {encoding, durability, offsets}): appends records, next to each other; " +
            "the last one's offset, or all.",
            AppendAsync).Writes(WriteLane.Log),
        ApiMethod.Async("flume.get", Scope.Read, null, "(offset, {encoding}): the record there.", GetAsync),
        ApiMethod.Async(
            "flume.since", Scope.Read, null, "(): the offset of the last record, -1 when there is none.", SinceAsync),
        ApiMethod.BytesSource("flume.stream", Scope.Read,
            "{gt, gte, lt, lte: offset, reverse, limit, live, old, values}: records in buffers, see FlumeLogBuffers.",
            Stream),
        ApiMethod.Async(
            "flume.del", Scope.Admin, null, "(offset | [offset]): zeroes records in the log for good.", DeleteAsync)
            .Writes(WriteLane.Alone),
    ];

    private static async ValueTask<JsValue> AppendAsync(ApiCall call)
    {
        JsValue given = call.Arg(0);
        RecordEncoding encoding = RecordEncoding.Parse(call.Arg(1)["encoding"]);
        List<ReadOnlyMemory<byte>> payloads = [];
        foreach (JsValue value in given.IsArray ? given.AsArray : new JsArray([given]))
            payloads.Add(encoding.ToPayload(value));
        Appended appended = await call.Identity.AppendAsync(
            payloads, DurabilityOf(call.Arg(1)["durability"]), call.Cancelled)
            .ConfigureAwait(false);
        return call.Arg(1)["offsets"].IsTruthy
            ? JsValue.From(new JsArray(appended.Offsets.Select(Number)))
            : Number(appended.Last);
    }

    private static async ValueTask<JsValue> GetAsync(ApiCall call)
    {
        RecordEncoding encoding = RecordEncoding.Parse(call.Arg(1)["encoding"]);
        Offset offset = OffsetOf(call.Arg(0));
        OffsetLog log = await OpenLog.OfAsync(call).ConfigureAwait(false);
        try
        {
            return encoding.ToValue(log.Get(offset).Payload);
        }
        catch (LogDeletedException)
        {
            throw new ApiException("flumelog:deleted", "item has been deleted");
        }
    }

    private static async ValueTask<JsValue> SinceAsync(ApiCall call) =>
        Number((await OpenLog.OfAsync(call).ConfigureAwait(false)).Head);

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Stream(ApiCall call)
    {
        LogRange range = RawLogStream.Range(call.Arg(0));
        OffsetLog log = await OpenLog.OfAsync(call).ConfigureAwait(false);
        FlumeLogBuffers buffers = new(log, range, withPayloads: !range.IncludeDeleted);
        while (true)
        {
            ReadOnlyMemory<byte> buffer = buffers.Next();
            if (!buffer.IsEmpty) yield return buffer;
            else if (buffers.Done) yield break;
            else
            {
                await call.Identity.WaitForHeadAsync(buffers.HeadSeen, call.Cancelled).ConfigureAwait(false);
                if (call.BeforeLive is { } before) await before().ConfigureAwait(false);
            }

            call.Cancelled.ThrowIfCancellationRequested();
        }
    }

    private static async ValueTask<JsValue> DeleteAsync(ApiCall call)
    {
        JsValue given = call.Arg(0);
        foreach (JsValue offset in given.IsArray ? given.AsArray : new JsArray([given]))
            await call.Identity.DeleteAsync(OffsetOf(offset), call.Cancelled).ConfigureAwait(false);
        return JsValue.Undefined;
    }

    private static Offset OffsetOf(JsValue given) =>
        given.IsNumber && double.IsInteger(given.AsNumber) && given.AsNumber is >= 0 and <= Offset.Max
            ? new Offset((long)given.AsNumber)
            : throw ApiException.Parameter(
                $"'{JsCoercion.ToText(given)}' is no offset. Expected one that the log returned, from 0.");

    private static Durability DurabilityOf(JsValue given) => given switch
    {
        { IsUndefined: true } => Durability.Fsync,
        { IsString: true } when given.AsString == "fsync" => Durability.Fsync,
        { IsString: true } when given.AsString == "os" => Durability.Os,
        _ => throw ApiException.Parameter($"'{JsCoercion.ToText(given)}' is no durability. Expected fsync or os."),
    };

    private static JsValue Number(Offset offset) => JsValue.From((double)offset.Value);
}
