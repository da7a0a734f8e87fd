using Flume.Views.Records;

namespace Flume.Views.Checking;

/// <summary>Computes the rows that one record implies.</summary>
internal static class ViewFold
{
    /// <summary>
    /// Fills the sink with the record's rows. Returns false for a record that is not JSON; views skip such records.
    /// </summary>
    /// <exception cref="ViewApplyException">The view's <c>Apply</c> threw.</exception>
    public static bool Apply(IView view, DecodedRecord message, CheckSink sink)
    {
        sink.Begin(message.Offset.Value);
        if (!message.IsJson) return false;
        try
        {
            view.Apply(message, sink);
            return true;
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            throw new ViewApplyException(view.Name, message.Offset, cause);
        }
    }
}
