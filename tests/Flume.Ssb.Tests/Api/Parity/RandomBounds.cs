using Flume.Query.Json;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>
/// Random calls of ssb-db's streams with bounds and limits of all types. It omits two bounds on one side and
/// non-numeric bounds of the log, where JavaScript's result is accidental (docs/compatibility.md).
/// </summary>
internal sealed class RandomBounds(Vocabulary words)
{
    private static readonly string[] Lower = ["gt", "gte", "gt", "gte", "min"], Upper = ["lt", "lte", "lt", "lte", "max"];

    /// <summary>A request: <c>{method, args}</c>.</summary>
    public JsObject Next() => words.Next(6) switch
    {
        0 => RandomStreams.Call("createUserStream", Options(words.Sequence).Set("id", words.Author())),
        1 => RandomStreams.Call("createFeedStream", Options(words.Claimed)),
        2 => RandomStreams.Call("createLogStream", Options(words.Received)),
        3 => RandomStreams.Call("messagesByType", Options(words.Received).Set("type", words.Type())),
        4 => History(),
        _ => Raw(),
    };

    private JsObject Options(Func<JsValue> bound)
    {
        JsObject options = new();
        bool reverse = words.OneIn(3);
        if (words.OneIn(2)) options.Set(Name(Lower, reverse ? "end" : "start"), words.OneIn(3) ? bound() : Odd());
        if (words.OneIn(2)) options.Set(Name(Upper, reverse ? "start" : "end"), words.OneIn(3) ? bound() : Odd());
        if (reverse || words.OneIn(3)) options.Set("reverse", words.Json(reverse ? words.Pick("true", "1") : words.Pick("false", "null", "0", "\"\"")));
        if (words.OneIn(4)) options.Set("limit", Limit());
        return options;
    }

    private string Name(string[] names, string old) => words.OneIn(6) ? old : words.Pick(names);

    private JsValue Limit() =>
        words.Json(words.Pick("0", "-1", "-3", "2.5", "0.5", "1e10", "4294967297", "4294967296", "-4294967295", "2147483648", "-0.5"));

    private JsObject History()
    {
        JsObject options = new JsObject().Set("id", words.Author());
        options.Set(words.Pick("seq", "sequence"), Odd());
        if (words.OneIn(3)) options.Set("limit", Limit());
        return RandomStreams.Call("createHistoryStream", options);
    }

    private JsObject Raw()
    {
        JsObject options = new();
        JsValue low = words.Offset(), high = words.Offset();
        if (low.AsNumber > high.AsNumber) (low, high) = (high, low);
        bool reverse = words.OneIn(3);
        if (reverse) options.Set("reverse", JsValue.True);
        if (words.OneIn(2)) options.Set(Name(Lower, reverse ? "end" : "start"), low);
        if (words.OneIn(2) && low.AsNumber < high.AsNumber) options.Set(Name(Upper, reverse ? "start" : "end"), high);
        if (words.OneIn(2)) options.Set("limit", words.Json(words.Pick("null", "false", "\"\"", "0", "-1", "2.5", "3", "1e10")));
        return words.OneIn(2) ? RandomStreams.Call("createRawLogStream", options)
            : RandomStreams.Call("createLogStream", options.Set("raw", JsValue.True));
    }

    private JsValue Odd() => words.Json(words.Pick("null", "null", "false", "true", "0", "-0", "-1", "1.5", "\"\"", "\"x\"", "\"5\"", "[]", "[null]",
        "[1,2]", "1e300", "-1e300", "{}", "[{}]"));
}
