namespace Flume.Ssb.Api;

/// <summary>The target views of a command: one by name, or all.</summary>
public readonly record struct ViewSelection
{
    private ViewSelection(string? name) => Name = name;

    /// <summary>Every view of the identity.</summary>
    public static ViewSelection All => default;

    /// <summary>The view's name; null for all.</summary>
    public string? Name { get; }

    /// <summary>The view of that name.</summary>
    public static ViewSelection One(string name) => new(name);

    /// <inheritdoc/>
    public override string ToString() => Name is null ? "all views" : $"view '{Name}'";
}
