using Flume.Log;

namespace Flume.Views;

/// <summary>
/// A view's <c>Apply</c> threw. This is a bug in the view. The view stops before that record until its code is fixed.
/// </summary>
public sealed class ViewApplyException(string view, Offset offset, Exception cause)
    : Exception(
        $"View '{view}' threw at offset {offset}: {cause.Message} The record is valid; the view has a bug.", cause)
{
    /// <summary>The view's name.</summary>
    public string ViewName { get; } = view;

    /// <summary>The offset of the record that <c>Apply</c> failed on.</summary>
    public Offset Offset { get; } = offset;
}
