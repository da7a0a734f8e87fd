namespace Flume.Views;

/// <summary>Where a view comes from.</summary>
public enum ViewKind
{
    /// <summary>It comes with Flume.</summary>
    BuiltIn,

    /// <summary>An assembly that the configuration names brought it.</summary>
    PlugIn,

    /// <summary>A map-filter-reduce query, registered by name.</summary>
    Declared,

    /// <summary>A client registered it and runs its code.</summary>
    Client,
}
