using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Reading;

/// <summary>Streams the log by offset: <c>createRawLogStream</c> and <c>createLogStream({raw})</c>.</summary>
internal static class RawLogStream
{
    /// <summary>
    /// Items <c>{seq, value}</c>, or one of the two by <c>seqs</c> and <c>values</c>. With <paramref name="opened"/>,
    /// the order is JavaScript's <c>{value, seq}</c>, and private content is decrypted.
    /// </summary>
    internal static async IAsyncEnumerable<JsValue> Run(ApiCall call, bool opened)
    {
        JsValue given = call.Arg(0);
        LogRange range = FromStart(call, Range(given));
        bool seqs = !IsFalse(given["seqs"]), values = !IsFalse(given["values"]);
        MessageReader reader = new(call.Identity);
        OffsetLog log = await OpenLog.OfAsync(call).ConfigureAwait(false);
        LogCursor cursor = log.Read(range);
        while (true)
        {
            while (cursor.MoveNext())
            {
                call.Cancelled.ThrowIfCancellationRequested();
                if (Item(cursor.Current.Offset) is { IsUndefined: false } item) yield return item;
            }

            if (cursor.Done) yield break;
            // The identity does the waiting. It counts waiting reads and stays open for them.
            await call.Identity.WaitForHeadAsync(cursor.HeadSeen, call.Cancelled).ConfigureAwait(false);
            if (call.BeforeLive is { } before) await before().ConfigureAwait(false);
        }

        JsValue Item(Offset offset)
        {
            JsValue seq = JsValue.From((double)offset.Value);
            if (!values && seqs) return seq;
            if (!reader.TryStored(offset, out JsValue stored)) return JsValue.Undefined;
            JsValue value = opened ? reader.Opened(offset, stored) : MessageView.Original(stored);
            if (!seqs) return value;
            return JsValue.From(opened
                ? new JsObject().Set("value", value).Set("seq", seq)
                : new JsObject().Set("seq", seq).Set("value", value));
        }
    }

    /// <summary>Without old records, the range starts after the head at the call.</summary>
    private static LogRange FromStart(ApiCall call, LogRange range) =>
        range is { Old: false, Reverse: false, Gt: null, Gte: null } && call.HeadAtStart is { } head
            ? range with { Old = true, Live = true, Gt = head }
            : range;

    /// <summary>Parses the range from the options of a flume stream.</summary>
    internal static LogRange Range(JsValue given)
    {
        bool live = given["live"].IsTruthy, old = !IsFalse(given["old"]), reverse = given["reverse"].IsTruthy;
        return new LogRange
        {
            Gt = At(given["gt"]),
            Gte = At(given["gte"]) ?? At(given["min"]) ?? At(given[reverse ? "end" : "start"]),
            Lt = At(given["lt"]),
            Lte = At(given["lte"]) ?? At(given["max"]) ?? At(given[reverse ? "start" : "end"]),
            Reverse = reverse,
            // JavaScript counts down to zero and never reaches it from a fraction.
            Limit = given["limit"].IsNumber && double.IsInteger(given["limit"].AsNumber)
                ? (long)given["limit"].AsNumber
                : -1,
            Live = live || !old,
            Old = old,
            IncludeDeleted = IsFalse(given["values"]),
        };
    }

    private static Offset? At(JsValue bound) => bound.IsNumber ? new Offset((long)bound.AsNumber) : null;

    private static bool IsFalse(JsValue value) => value is { IsBoolean: true, AsBoolean: false };
}
