using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Api;

/// <summary>Checks a signed message as parameter (<c>add</c>), in ssb-db's order and with its texts.</summary>
internal static class MessageParameter
{
    /// <summary>The first error of the message, or null.</summary>
    internal static ApiException? Check(JsValue value, int place) =>
        Content(value["content"], place) ?? Rest(value, place);

    private static ApiException? Content(JsValue content, int place)
    {
        if (!content.IsTruthy) return Parameters.Missing(place, "content", "object|string");
        if (content.IsString) return null;
        if (!content.IsObject && !content.IsArray) return Parameters.Missing(place, "content", "object|string");
        JsValue type = content["type"];
        return type.IsString && type.IsTruthy ? null : Parameters.Missing(place, "content.type", "string");
    }

    private static ApiException? Rest(JsValue value, int place)
    {
        if (!Parameters.IsFeed(value["author"])) return Parameters.Missing(place, "author", "feedId");
        JsValue sequence = value["sequence"], previous = value["previous"], hash = value["hash"];
        if (!sequence.IsNumber) return Parameters.Missing(place, "sequence", "number");
        if (sequence.AsNumber > 1 && !(previous.IsString && Ref.IsMessage(previous.AsString)))
            return Parameters.Missing(place, "previous", "msgId");
        if (sequence.AsNumber == 1 && !previous.IsNullish) return Parameters.Missing(place, "previous", "null");
        if (!value["timestamp"].IsNumber) return Parameters.Missing(place, "timestamp", "number");
        if (!(hash.IsString && hash.AsString == "sha256"))
            return new ApiException("UsageError", $"Param {place} must have .hash set to \"sha256\"");
        return value["signature"].IsString ? null : Parameters.Missing(place, "signature", "string");
    }
}
