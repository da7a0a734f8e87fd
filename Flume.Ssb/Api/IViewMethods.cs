namespace Flume.Ssb.Api;

/// <summary>A view that brings API methods: how its rows are read, over every transport.</summary>
/// <remarks>A class of a plug-in implements it beside <see cref="Flume.Views.IView"/>. Method names are
/// unique in a process.</remarks>
public interface IViewMethods
{
    /// <summary>The methods; asked for once, when the service starts.</summary>
    IEnumerable<ApiMethod> Methods { get; }
}
