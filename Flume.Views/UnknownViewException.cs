namespace Flume.Views;

/// <summary>A view was asked for that this identity does not have.</summary>
public sealed class UnknownViewException(string name, IReadOnlyList<IView> views)
    : Exception($"No view is named '{name}'. Views are {string.Join(", ", views.Select(view => view.Name))}.")
{
    /// <summary>The name that was asked for.</summary>
    public string ViewName { get; } = name;
}
