namespace Flume.Views.Registered;

/// <summary>A view that was registered while the service runs, and what it was registered with.</summary>
internal interface IRegisteredView : IView
{
    /// <summary>What it was registered with.</summary>
    ViewDefinition Definition { get; }
}

/// <summary>
/// A view whose rows depend on earlier rows: it takes records in log order, so a rebuild lets it start over on an empty
/// store instead of scanning on all cores.
/// </summary>
internal interface ISequentialView : IView;
