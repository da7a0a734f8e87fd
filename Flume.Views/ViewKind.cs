namespace Flume.Views;

/// <summary>The origin of a view.</summary>
public enum ViewKind
{
    /// <summary>The view is part of Flume.</summary>
    BuiltIn,

    /// <summary>The view is in an assembly that the configuration names.</summary>
    PlugIn,

    /// <summary>A map-filter-reduce query, registered by name.</summary>
    Declared,

    /// <summary>A client registered the view and runs its code.</summary>
    Client,
}
