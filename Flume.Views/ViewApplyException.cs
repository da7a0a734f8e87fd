using Flume.Log;

namespace Flume.Views;

/// <summary>
/// A view's <c>Apply</c> threw: a bug in the view, which stops before that record until it is mended.
/// </summary>
public sealed class ViewApplyException(string view, Offset offset, Exception cause)
    : Exception($"View '{view}' threw at offset {offset}: {cause.Message} The record is fine; the view has a bug.", cause)
{
    /// <summary>The view's name.</summary>
    public string ViewName { get; } = view;

    /// <summary>The record that it threw at.</summary>
    public Offset Offset { get; } = offset;
}
