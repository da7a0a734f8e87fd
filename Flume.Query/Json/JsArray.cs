using System.Collections;
using System.Runtime.CompilerServices;

namespace Flume.Query.Json;

/// <summary>A list of values. A parsed array never changes, and any number of threads may read it.</summary>
public sealed class JsArray : IReadOnlyList<JsValue>
{
    private readonly JsText? _text;
    private readonly int _start;
    private readonly int _length;
    private List<JsValue>? _items;

    /// <summary>An array without items.</summary>
    public JsArray() => _items = [];

    /// <summary>An array of these items.</summary>
    public JsArray(IEnumerable<JsValue> items) => _items = [.. items];

    internal JsArray(JsText text, int start, int length)
    {
        _text = text;
        _start = start;
        _length = length;
    }

    /// <summary>The number of items.</summary>
    /// <exception cref="JsSyntaxException">The parsed text of the array is not JSON; this applies to all members
    /// below.</exception>
    public int Count => Items.Count;

    /// <summary>The parsed text, or empty.</summary>
    internal ReadOnlyMemory<byte> Raw => _text is null ? default : _text.Utf8.Slice(_start, _length);

    /// <summary>As <see cref="JsObject.IsSame"/>.</summary>
    internal bool IsSame(JsArray other) =>
        ReferenceEquals(this, other) || (_text is not null && _text == other._text && _start == other._start);

    /// <summary>As <see cref="JsObject.Identity"/>.</summary>
    internal int Identity => _text is null ? RuntimeHelpers.GetHashCode(this) : HashCode.Combine(_text, _start);

    private List<JsValue> Items => _items ??= JsParser.Items(_text!, _start, _length);

    /// <summary>The item at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range; <see cref="At"/> reads as JavaScript
    /// does.</exception>
    public JsValue this[int index] => Items[index];

    /// <summary>The item at <paramref name="index"/>; undefined if there is none.</summary>
    public JsValue At(int index) => (uint)index < (uint)Items.Count ? Items[index] : JsValue.Undefined;

    /// <summary>Appends an item.</summary>
    /// <exception cref="InvalidOperationException">The array came from a parse.</exception>
    public JsArray Add(JsValue value)
    {
        if (_text is not null)
        {
            throw new InvalidOperationException(
                "This array came from a parse, and parsed values never change. Add to a new JsArray of its items.");
        }

        _items!.Add(value);
        return this;
    }

    /// <summary>The items in order.</summary>
    public IEnumerator<JsValue> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
