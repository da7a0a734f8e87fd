using System.Text;
using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary><c>$prefix</c> with a string: the value is a string that starts with it.</summary>
internal sealed class TextPrefixRule(string prefix) : Predicate
{
    private readonly byte[]? _ascii = Ascii.IsValid(prefix) ? Encoding.ASCII.GetBytes(prefix) : null;

    /// <inheritdoc/>
    public override bool Test(in JsValue value)
    {
        if (!value.IsString) return false;
        return _ascii is not null && value.TryGetPlain(out ReadOnlySpan<byte> plain)
            ? plain.StartsWith(_ascii)
            : value.AsString.StartsWith(prefix, StringComparison.Ordinal);
    }
}

/// <summary><c>$prefix</c> with an array: the value is a longer array that starts with the same items.</summary>
internal sealed class ItemsPrefixRule(JsArray prefix) : Predicate
{
    /// <inheritdoc/>
    public override bool Test(in JsValue value)
    {
        if (!value.IsArray || value.AsArray.Count <= prefix.Count) return false;
        for (int i = 0; i < prefix.Count; i++)
            if (!JsValue.StrictEquals(value.AsArray[i], prefix[i])) return false;
        return true;
    }
}

/// <summary><c>$prefix</c> with anything else: the value is a string that <c>==</c> it.</summary>
internal sealed class LooseTextRule(JsValue other) : Predicate
{
    private readonly JsValue _other = Coerce.ToPrimitive(other);

    /// <inheritdoc/>
    public override bool Test(in JsValue value) => value.IsString && (_other.IsString
        ? JsValue.StrictEquals(value, _other)
        : Coerce.ToNumber(value) == Coerce.ToNumber(_other));
}

/// <summary>
/// <c>$in</c> with an array: the bitwise not of the value's index in the array, which is truthy if and only if the
/// array contains the value.
/// </summary>
internal sealed class InItemsRule : Rule
{
    private const int TableFrom = 8;
    private const int StackBytes = 128;

    private readonly JsValue[] _items;
    private readonly Dictionary<string, int>? _texts;

    /// <summary>Prepares the list; a long list is searched by hash.</summary>
    public InItemsRule(JsArray items)
    {
        _items = [.. items];
        if (_items.Length < TableFrom) return;
        _texts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < _items.Length; i++)
            if (_items[i].IsString) _texts.TryAdd(_items[i].AsString, i);
    }

    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value) => JsValue.From((double)~Place(value));

    /// <inheritdoc/>
    public override bool Test(in JsValue value) => Place(value) >= 0;

    private int Place(in JsValue value)
    {
        if (_texts is not null && value.IsString) return PlaceOfText(value);
        for (int i = 0; i < _items.Length; i++)
            if (JsValue.StrictEquals(value, _items[i])) return i;
        return -1;
    }

    private int PlaceOfText(in JsValue value)
    {
        if (!value.TryGetPlain(out ReadOnlySpan<byte> plain) || plain.Length > StackBytes)
            return _texts!.GetValueOrDefault(value.AsString, -1);
        Span<char> text = stackalloc char[StackBytes];
        int length = Encoding.UTF8.GetChars(plain, text);
        return _texts!.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out int place) ? place : -1;
    }
}

/// <summary><c>$in</c> with a string: the bitwise not of the position of the value, as text, in the string.</summary>
internal sealed class InTextRule(string text) : Rule
{
    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value) =>
        JsValue.From((double)~text.IndexOf(Coerce.ToText(value), StringComparison.Ordinal));
}
