using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>
/// Encrypts a content with recipients. Its error texts are those of ssb-db's autobox (docs/spec 3.2).
/// </summary>
public static class PrivateContent
{
    /// <summary>
    /// The content to publish: encrypted if it has <c>recps</c>, otherwise unchanged. Returns false if encryption
    /// fails; <paramref name="problem"/> is then JavaScript's error text.
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
            // A feed id without a valid key: no reader could decrypt the message.
            problem = NoBoxer(recps);
            return false;
        }
    }

    /// <summary>
    /// Encrypts any JSON for separately given recipients, as ssb-private does. Null unless these are 1 to
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
            // A feed id without a valid key.
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
