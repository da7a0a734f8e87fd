using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>Where a field stands in a record: the names to follow from its top.</summary>
/// <remarks>
/// Two paths are equal when their names are; how JavaScript spells a path shows in <see cref="ToJs"/> alone.
/// </remarks>
public sealed class FieldPath : IEquatable<FieldPath>
{
    /// <summary>The record itself.</summary>
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

    /// <summary>How many names it has.</summary>
    public int Length => _names.Length;

    /// <summary>True when JavaScript spells it as one string instead of an array.</summary>
    public bool IsBare { get; }

    /// <summary>True for <c>rts</c>, the one field that JavaScript's indexes hold even where it is undefined.</summary>
    public bool MayBeUndefined => Length == 1 && this[0] == "rts";

    /// <summary>The n-th name from the top.</summary>
    public string this[int nth] => _names[nth].Text;

    /// <summary>
    /// The path as an index definition of JavaScript spells it: <c>"timestamp"</c>, <c>["value", "author"]</c>.
    /// </summary>
    public static FieldPath FromJs(in JsValue path) => path.IsArray
        ? new FieldPath([.. path.AsArray.Select(name => PropertyName.From(name))], false)
        : new FieldPath([PropertyName.From(path)], true);

    /// <summary>The path to a member of what this path leads to.</summary>
    public FieldPath Then(string name) => new([.. _names, new PropertyName(name)], false);

    /// <summary>The field of a record; undefined when any step of the way is missing.</summary>
    public JsValue Read(in JsValue record)
    {
        JsValue value = record;
        foreach (PropertyName name in _names) value = name.Read(value);
        return value;
    }

    /// <summary>The path as <see cref="FromJs"/> took it.</summary>
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

    /// <summary>The names with dots between.</summary>
    public override string ToString() => string.Join('.', _names.Select(name => name.Text));
}
