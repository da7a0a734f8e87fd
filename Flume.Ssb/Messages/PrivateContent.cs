using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>
/// Boxes a content that names its recipients, in the words of ssb-db's autobox when it cannot (docs/spec 3.2).
/// </summary>
public static class PrivateContent
{
    /// <summary>
    /// The content to publish: boxed when it has <c>recps</c>, else as it is. False when it has some but cannot be
    /// boxed; then <paramref name="problem"/> is JavaScript's error message.
    /// </summary>
    public static bool TryBox(JsValue content, out JsValue boxed, out string? problem)
    {
        boxed = content;
        problem = null;
        JsValue recps = content["recps"];
        if (!recps.IsTruthy) return true;
        JsObject clear = content.AsObject;
        if (recps.IsString)
        {
            recps = JsValue.From(new JsArray().Add(recps));
            clear = clear.Copy().Set("recps", recps);
        }

        problem = Problem(recps, out byte[][] keys);
        if (problem is not null) return false;
        try
        {
            byte[] box = PrivateBox.Seal(JsWriter.ToUtf8(JsValue.From(clear)).Span, keys);
            boxed = JsValue.From(PrivateBox.ToText(box));
            return true;
        }
        catch (ArgumentException)
        {
            // A feed id whose bytes are no key: nobody could ever read it.
            problem = NoBoxer(recps);
            return false;
        }
    }

    /// <summary>
    /// Boxes any JSON for recipients that stand beside it, not in it, as ssb-private does; null when these are not 1 to
    /// <see cref="PrivateBox.RecipientsMax"/> feed ids.
    /// </summary>
    public static JsValue? Box(JsValue content, JsValue recps)
    {
        if (content.IsUndefined || Problem(recps, out byte[][] keys) is not null) return null;
        try
        {
            return JsValue.From(PrivateBox.ToText(PrivateBox.Seal(JsWriter.ToUtf8(content).Span, keys)));
        }
        catch (ArgumentException)
        {
            // A feed id whose bytes are no key.
            return null;
        }
    }

    private static string? Problem(JsValue recps, out byte[][] keys)
    {
        keys = [];
        if (!recps.IsArray) return "private message field \"recps\" expects an Array of recipients";
        JsArray list = recps.AsArray;
        if (list.Count == 0) return "private message field \"recps\" requires at least one recipient";
        keys = new byte[list.Count][];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = new byte[32];
            if (!list[i].IsString || !Ref.IsFeed(list[i].AsString)) return NoBoxer(recps);
            Ref.TryGetBytes(list[i].AsString, keys[i]);
        }

        return keys.Length <= PrivateBox.RecipientsMax ? null
            : $"max recipients is:{PrivateBox.RecipientsMax} found:{keys.Length}";
    }

    private static string NoBoxer(JsValue recps) =>
        "private message requested, but no boxers could encrypt these recps: " + recps.ToJson();
}
