using Flume.Views.Records;

namespace Flume.Views.Checking;

/// <summary>Asks a view what one record means.</summary>
internal static class ViewFold
{
    /// <summary>Fills the sink with the record's rows; false when it is no JSON, which views skip.</summary>
    /// <exception cref="ViewApplyException">The view threw.</exception>
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
