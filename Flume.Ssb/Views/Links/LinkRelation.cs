using System.Text;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Views.Links;

/// <summary>
/// The meaning of a link as ssb-links indexes it: the field and further members of the link or content (docs/spec 3.5).
/// </summary>
/// <remarks>Valid as long as its message.</remarks>
internal readonly ref struct LinkRelation
{
    private readonly FieldLink _link;
    private readonly TapeValue _first;
    private readonly TapeValue _second;
    private readonly int _parts;
    private readonly bool _isName;

    private LinkRelation(FieldLink link, int parts, TapeValue first = default, TapeValue second = default)
    {
        _link = link;
        _parts = parts;
        _first = first;
        _second = second;
        _isName = false;
    }

    private LinkRelation(FieldLink link, TapeValue name)
        : this(link, 1, name) => _isName = true;

    /// <summary>The relation of a link in a message with this content.</summary>
    internal static LinkRelation Of(FieldLink link, TapeValue content)
    {
        TapeValue of = link.Item.Kind == JsKind.Object ? link.Item : default;
        ReadOnlySpan<byte> field = link.Field.NameUtf8;
        if (field.SequenceEqual("vote"u8)) return new LinkRelation(link, 1, of["value"u8]);
        if (field.SequenceEqual("mentions"u8)) return OfMention(link, of);
        if (field.SequenceEqual("contact"u8))
            return new LinkRelation(link, 2, content["following"u8], content["blocking"u8]);
        if (field.SequenceEqual("about"u8) && content["name"u8] is { IsString: true } name)
            return new LinkRelation(link, 1, name);
        if (field.SequenceEqual("image"u8)) return new LinkRelation(link, 2, of["type"u8], of["size"u8]);
        return field.SequenceEqual("flag"u8) ? new LinkRelation(link, 1, of["reason"u8]) : new LinkRelation(link, 0);
    }

    /// <summary>The sort order among the relations of its field.</summary>
    internal LinkOrder Order()
    {
        LinkOrder order = default;
        if (_isName) AddName(ref order);
        else if (_parts > 0) Add(ref order, _first, _parts == 1);
        if (_parts > 1) Add(ref order, _second, true);
        TapeValue last = _parts > 1 ? _second : _first;
        if (!_isName && (_parts == 0 || last.Kind is not (JsKind.String or JsKind.Object))) order.AddEnd();
        return order;
    }

    /// <summary>The relation as an array that refers to the message's text. Object parts are JSON text.</summary>
    internal JsArray ToJs(JsText text)
    {
        JsArray relation = new JsArray().Add(JsValue.From(Encoding.UTF8.GetString(_link.Field.NameUtf8)));
        if (_isName) relation.Add(JsValue.From("@" + SmallName()));
        else if (_parts > 0) relation.Add(Flat(_first.Within(text)));
        if (_parts > 1) relation.Add(Flat(_second.Within(text)));
        return relation;
    }

    private static LinkRelation OfMention(FieldLink link, TapeValue of)
    {
        switch (link.Dest.Utf8[0])
        {
            case (byte)'@': return new LinkRelation(link, of["name"u8]);
            case (byte)'&':
                TapeValue file = of["filename"u8];
                return new LinkRelation(link, 2, file.IsTruthy ? file : of["name"u8], of["size"u8]);
            default: return new LinkRelation(link, 0);
        }
    }

    private string SmallName() => _first.IsString ? LowerCase.Of(_first.ToJsValue().AsString) : "";

    /// <summary>JavaScript indexes <c>@</c> and the name in lower case.</summary>
    private void AddName(ref LinkOrder order)
    {
        const int Enough = 8;
        ReadOnlySpan<byte> name = _first.Utf8;
        if (name.Length > Enough && Ascii.IsValid(name[..Enough])) name = name[..Enough];
        if (!Ascii.IsValid(name)) name = Encoding.UTF8.GetBytes(SmallName());
        Span<byte> small = stackalloc byte[1 + Enough];
        small[0] = (byte)'@';
        name = name[..Math.Min(Enough, name.Length)];
        name.CopyTo(small[1..]);
        Ascii.ToLowerInPlace(small[1..(1 + name.Length)], out _);
        order.AddText(small[..(1 + name.Length)], isLast: true);
    }

    private static void Add(ref LinkOrder order, TapeValue part, bool isLast)
    {
        switch (part.Kind)
        {
            case JsKind.Undefined: order.AddUndefined(); break;
            case JsKind.Null: order.AddNull(); break;
            case JsKind.Boolean: order.AddBoolean(part.IsTrue); break;
            case JsKind.Number: order.AddNumber(part.Number); break;
            case JsKind.String: order.AddText(part.Utf8, isLast); break;
            case JsKind.Array: order.AddArray(); break;
            default: order.AddObject(part.Next == part.Index + 1, isLast); break;
        }
    }

    private static JsValue Flat(JsValue value)
    {
        if (value.IsArray) return JsValue.From(new JsArray(value.AsArray.Select(Flat)));
        return value.IsObject ? JsValue.From(value.ToJson()) : value;
    }
}
