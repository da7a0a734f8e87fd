using System.Text;
using Flume.Codec.Json;
using Flume.Codec.Tape;

namespace Flume.Views.Links;

/// <summary>
/// What a link means, as ssb-links indexes it, of a message that is being indexed: the parts behind the field, in the
/// order of an index (spec.md 3.5).
/// </summary>
internal static class TapeRelation
{
    /// <summary>The order of a link by its relation, its field left out.</summary>
    internal static LinkOrder OrderOf(FieldLink link, TapeValue content)
    {
        LinkOrder order = default;
        TapeValue of = link.Item.Kind == JsKind.Object ? link.Item : default;
        ReadOnlySpan<byte> field = link.Field.NameUtf8;
        if (field.SequenceEqual("vote"u8)) Add(ref order, of["value"u8]);
        else if (field.SequenceEqual("mentions"u8)) AddMention(ref order, link, of);
        else if (field.SequenceEqual("contact"u8))
        {
            Add(ref order, content["following"u8]);
            Add(ref order, content["blocking"u8]);
        }
        else if (field.SequenceEqual("about"u8) && content["name"u8].IsString) Add(ref order, content["name"u8]);
        else if (field.SequenceEqual("image"u8))
        {
            Add(ref order, of["type"u8]);
            Add(ref order, of["size"u8]);
        }
        else if (field.SequenceEqual("flag"u8)) Add(ref order, of["reason"u8]);
        order.AddEnd();
        return order;
    }

    /// <summary>Where the author stands in an index that orders by it.</summary>
    internal static void AddSource(ref LinkOrder order, TapeValue author)
    {
        if (author.IsString) order.AddSource(author.Utf8);
        else order.AddOddSource(RankOf(author.Kind));
    }

    /// <summary>The place of a source that is no text, by its kind.</summary>
    internal static byte RankOf(JsKind kind) => kind switch
    {
        JsKind.Array => 0xF8,
        JsKind.Object or JsKind.Undefined => 0xFF,
        _ => (byte)kind,
    };

    private static void AddMention(ref LinkOrder order, FieldLink link, TapeValue of)
    {
        switch (link.Dest.Utf8[0])
        {
            case (byte)'@':
                AddName(ref order, of["name"u8]);
                break;
            case (byte)'&':
                TapeValue file = of["filename"u8];
                Add(ref order, file.IsTruthy ? file : of["name"u8]);
                Add(ref order, of["size"u8]);
                break;
        }
    }

    /// <summary>JavaScript indexes <c>@</c> and the name in small letters.</summary>
    private static void AddName(ref LinkOrder order, TapeValue name)
    {
        ReadOnlySpan<byte> utf8 = name.Utf8;
        if (utf8.Length > 8 && Ascii.IsValid(utf8[..8])) utf8 = utf8[..8];
        if (!Ascii.IsValid(utf8)) utf8 = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8).ToLowerInvariant());
        Span<byte> small = stackalloc byte[9];
        small[0] = (byte)'@';
        int length = Math.Min(8, utf8.Length);
        Ascii.ToLower(utf8[..length], small[1..], out int written);
        utf8[written..length].CopyTo(small[(1 + written)..]);
        order.AddText(small[..(length + 1)]);
    }

    private static void Add(ref LinkOrder order, TapeValue part)
    {
        switch (part.Kind)
        {
            case JsKind.Undefined: order.AddUndefined(); break;
            case JsKind.Null: order.AddNull(); break;
            case JsKind.Boolean: order.AddBoolean(part.IsTrue); break;
            case JsKind.Number: order.AddNumber(part.Number); break;
            case JsKind.String: order.AddText(part.Utf8); break;
            case JsKind.Array: order.AddArray(); break;
            default: order.AddObject(part.Next == part.Index + 1); break;
        }
    }
}
