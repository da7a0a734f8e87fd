using Flume.Ssb.Messages;

namespace Flume.Views.Checking;

/// <summary>Asks a view what one record means.</summary>
internal static class ViewFold
{
    /// <summary>Fills the sink with the record's rows; false when it is no message, which views skip.</summary>
    /// <exception cref="ViewApplyException">The view threw.</exception>
    public static bool Apply(IView view, DecodedMessage message, CheckSink sink)
    {
        sink.Begin(message.Offset.Value);
        if (!message.IsMessage) return false;
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
