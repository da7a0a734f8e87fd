
namespace Flume.Views;

/// <summary>The views of an identity, by name.</summary>
public sealed class ViewCatalog
{
    // Addresses of commands, and names of the actors beside the views.
    private static readonly string[] Reserved = ["rebuild", "cancel", "pause", "resume", "budget", "check", "registry"];

    private readonly Dictionary<string, IView> _byName;

    /// <summary>A catalog of exactly these views.</summary>
    /// <exception cref="ArgumentException">Two views share a name, or a name is not lower-case letters, digits and
    /// dashes.</exception>
    public ViewCatalog(IEnumerable<IView> views)
    {
        List<IView> ordered = [.. views];
        ordered.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        Views = ordered;
        _byName = new(StringComparer.Ordinal);
        foreach (IView view in Views)
        {
            if (!IsName(view.Name) || IsReserved(view.Name))
                throw new ArgumentException(
                    $"A view cannot be named '{view.Name}': a name is 1 to 64 lower-case letters, digits and dashes, " +
                    $"and none of {ReservedNames}.");
            if (!_byName.TryAdd(view.Name, view))
                throw new ArgumentException($"Two views are named '{view.Name}'. Rename one of them.");
        }
    }

    /// <summary>All views in the order of their names.</summary>
    public IReadOnlyList<IView> Views { get; }

    /// <summary>The view named <paramref name="name"/>.</summary>
    /// <exception cref="UnknownViewException">The catalog has no such view. The message lists the existing
    /// views.</exception>
    public IView Get(string name) =>
        _byName.TryGetValue(name, out IView? view) ? view : throw new UnknownViewException(name, Views);

    /// <summary>False if the catalog has no view of that name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The views of this catalog that an identity keeps.</summary>
    internal ViewCatalog KeptFor(string identity) =>
        Views.All(view => IsKept(view, identity)) ? this : new(Views.Where(view => IsKept(view, identity)));

    private static bool IsKept(IView view, string identity) =>
        view is not IOwnStoreView own || own.IsKeptFor(identity);

    /// <summary>A copy of this catalog with the view added. It replaces a view of the same name.</summary>
    public ViewCatalog With(IView view) => new(Views.Where(other => other.Name != view.Name).Append(view));

    /// <summary>A copy of this catalog without the view of that name.</summary>
    internal ViewCatalog Without(string name) => new(Views.Where(view => view.Name != name));

    /// <summary>The names that no view may have, for errors.</summary>
    internal static string ReservedNames => string.Join(", ", Reserved);

    /// <summary>True for a name that no view may have.</summary>
    internal static bool IsReserved(string name) => Array.IndexOf(Reserved, name) >= 0;

    /// <summary>True for 1 to 64 lower-case letters, digits and dashes.</summary>
    internal static bool IsName(string name)
    {
        foreach (char c in name)
        {
            if (c is not (>= 'a' and <= 'z' or >= '0' and <= '9' or '-')) return false;
        }

        return name.Length is > 0 and <= 64;
    }
}
