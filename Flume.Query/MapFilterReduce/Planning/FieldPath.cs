using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>The path of a field in a record: the member names from the top.</summary>
/// <remarks>
/// Paths with equal names are equal; JavaScript's notation of a path matters only in <see cref="ToJs"/>.
/// </remarks>
public sealed class FieldPath : IEquatable<FieldPath>
{
    /// <summary>The empty path: the record itself.</summary>
    public static readonly FieldPath Root = new([], false);

    private readonly PropertyName[] _names;

    private FieldPath(PropertyName[] names, bool isBare)
    {
        _names = names;
        IsBare = isBare;
    }

    /// <summary>The path with these names, outermost first.</summary>
    public FieldPath(params string[] names)
        : this([.. names.Select(name => new PropertyName(name))], false)
    {
    }

    /// <summary>The number of names.</summary>
    public int Length => _names.Length;

    /// <summary>True if JavaScript's notation is one string instead of an array.</summary>
    public bool IsBare { get; }

    /// <summary>
    /// True for <c>rts</c>, the only field that JavaScript's indexes contain even if it is undefined.
    /// </summary>
    public bool MayBeUndefined => Length == 1 && this[0] == "rts";

    /// <summary>The n-th name from the top.</summary>
    public string this[int nth] => _names[nth].Text;

    /// <summary>
    /// The path in JavaScript's index definitions: <c>"timestamp"</c>, <c>["value", "author"]</c>.
    /// </summary>
    public static FieldPath FromJs(in JsValue path) => path.IsArray
        ? new FieldPath([.. path.AsArray.Select(name => PropertyName.From(name))], false)
        : new FieldPath([PropertyName.From(path)], true);

    /// <summary>The path of a member below this path.</summary>
    public FieldPath Then(string name) => new([.. _names, new PropertyName(name)], false);

    /// <summary>The field's value in a record; undefined if a member on the path is missing.</summary>
    public JsValue Read(in JsValue record)
    {
        JsValue value = record;
        foreach (PropertyName name in _names) value = name.Read(value);
        return value;
    }

    /// <summary>The path in the notation that <see cref="FromJs"/> read.</summary>
    public JsValue ToJs() => IsBare
        ? JsValue.From(_names[0].Text)
        : JsValue.From(new JsArray(_names.Select(name => JsValue.From(name.Text))));

    /// <inheritdoc/>
    public bool Equals(FieldPath? other)
    {
        if (other is null || other.Length != Length) return false;
        for (int i = 0; i < _names.Length; i++)
            if (_names[i].Text != other._names[i].Text) return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldPath);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (PropertyName name in _names) hash.Add(name.Text);
        return hash.ToHashCode();
    }

    /// <summary>The names, joined by dots.</summary>
    public override string ToString() => string.Join('.', _names.Select(name => name.Text));
}
