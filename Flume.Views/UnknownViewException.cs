using Flume.Log.Primitives;

namespace Flume.Views;

/// <summary>The requested view does not exist in this identity.</summary>
public sealed class UnknownViewException(string name, IReadOnlyList<IView> views)
    : Exception($"No view is named '{name}'.{Spelling.Hint(name, views.Select(view => view.Name))} " + (views.Count == 0
        ? "There is no view."
        : $"Views are {string.Join(", ", views.Select(view => view.Name))}."))
{
    /// <summary>The requested name.</summary>
    public string ViewName { get; } = name;
}
