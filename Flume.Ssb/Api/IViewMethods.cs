namespace Flume.Ssb.Api;

/// <summary>A view with API methods that read its rows over every transport.</summary>
/// <remarks>
/// A plug-in class implements it in addition to <see cref="Flume.Views.IView"/>. Method names are unique in a process.
/// </remarks>
public interface IViewMethods
{
    /// <summary>The methods, read once when the service starts.</summary>
    IEnumerable<ApiMethod> Methods { get; }
}
