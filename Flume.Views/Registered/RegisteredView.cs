namespace Flume.Views.Registered;

/// <summary>A view that was registered at run time, with its definition.</summary>
internal interface IRegisteredView : IView
{
    /// <summary>The definition from the registration.</summary>
    ViewDefinition Definition { get; }
}

/// <summary>
/// A view whose rows depend on earlier rows. It applies records in log order, so a rebuild starts with an empty store
/// instead of a parallel scan.
/// </summary>
public interface ISequentialView : IView;
