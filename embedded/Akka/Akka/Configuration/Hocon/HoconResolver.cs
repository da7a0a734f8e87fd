namespace Akka.Configuration.Hocon;

/// <summary>Replaces the substitutions of a parsed text by what they refer to.</summary>
/// <remarks>
/// 1. A value is resolved once; <c>_done</c> holds those that are, <c>_open</c> those being resolved up the call stack.
/// 2. A path that leads back into an open value means what that key held before; without such, it is a circle.
/// </remarks>
internal sealed class HoconResolver(HoconObject root)
{
    private readonly HashSet<HoconValue> _done = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<HoconValue> _open = new(ReferenceEqualityComparer.Instance);

    public void ResolveAll() => ResolveObject(root);

    private void ResolveObject(HoconObject target)
    {
        foreach (var (key, value) in target.Items.ToArray())
        {
            Resolve(value);
            if (value.Values.Count == 0 && _done.Contains(value))
                target.Items.Remove(key);
            foreach (var element in value.Values)
                ResolveInside(element);
        }
    }

    private void ResolveInside(IHoconElement element)
    {
        if (element is HoconObject inner)
            ResolveObject(inner);
        if (element is not HoconArray array)
            return;
        foreach (var item in array)
            Resolve(item);
        array.RemoveAll(static item => item.Values.Count == 0);
        foreach (var part in array.SelectMany(static item => item.Values))
            ResolveInside(part);
    }

    private void Resolve(HoconValue value)
    {
        if (!HoconPieces.HasSubstitution(value.Values) || !_done.Add(value))
            return;

        _open.Add(value);
        var pieces = new List<IHoconElement>();
        foreach (var piece in value.Values)
        {
            if (piece is not HoconSubstitution substitution)
                pieces.Add(piece);
            else if (TryLookUp(substitution, value))
                pieces.Add(substitution);
        }
        _open.Remove(value);
        value.ReplaceBy(Normalized(pieces, value.Previous));
    }

    private List<IHoconElement> Normalized(List<IHoconElement> pieces, HoconValue previous)
    {
        if (pieces.Count == 0 && previous != null)
        {
            Resolve(previous);
            return previous.Values;
        }
        if (!pieces.Exists(IsObjectLike))
            return pieces;

        var merged = new HoconObject();
        if (previous != null && previous.IsObject())
            merged.Merge(previous.GetObject());
        foreach (var piece in pieces.Where(IsObjectLike))
            merged.Merge(piece as HoconObject ?? ((IMightBeAHoconObject)piece).GetObject());
        return [merged];
    }

    private static bool IsObjectLike(IHoconElement piece) =>
        piece is HoconObject || (piece is IMightBeAHoconObject maybe && maybe.IsObject());

    private bool TryLookUp(HoconSubstitution substitution, HoconValue owner)
    {
        var target = Find(substitution, owner);
        if (target == null && Environment.GetEnvironmentVariable(substitution.Path) is { } variable)
        {
            target = new HoconValue();
            target.AppendValue(new HoconLiteral { Value = variable });
        }
        if (target == null && !substitution.IsOptional)
            throw Error(substitution, $"refers to nothing. Define '{substitution.Path}' in the same text, or write "
                + $"${{?{substitution.Path}}}.");
        substitution.ResolvedValue = target;
        return target != null;
    }

    private HoconValue Find(HoconSubstitution substitution, HoconValue owner)
    {
        var scope = root;
        HoconValue value = null;
        foreach (var key in HoconPath.Split(substitution.Path))
        {
            if (value != null)
            {
                if (!_open.Contains(value))
                    Resolve(value);
                scope = value.GetObject() ?? value.Values.OfType<HoconObject>().FirstOrDefault();
            }
            value = scope?.GetKey(key);
            if (value == null)
                return null;
        }
        if (!_open.Contains(value))
        {
            Resolve(value);
            return value;
        }
        if (value.Previous == null && !(substitution.IsOptional && ReferenceEquals(value, owner)))
            throw Error(substitution, "refers to itself, and the key had no value before.");
        if (value.Previous != null)
            Resolve(value.Previous);
        return value.Previous;
    }

    private static FormatException Error(HoconSubstitution substitution, string problem) => new(
        $"Could not parse the configuration: ${{{substitution.Path}}} at {substitution.Position} {problem}");
}
