using Flume.Ssb.Api;
using Flume.Views;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>Answers for a view that is missing or stopped.</summary>
internal static class Refusals
{
    /// <summary>The view does not exist.</summary>
    public static object NoSuchView(IForView message, ViewCatalog catalog) =>
        Refuse(message, ReadRejection.NoSuchView, new UnknownViewException(message.View, catalog.Views).Message);

    /// <summary>The view stopped and restarts after a delay.</summary>
    public static object Restarting(IForView message, ServingView serving) => Refuse(
        message, ReadRejection.Standing,
        $"View '{message.View}' stopped at {serving.Since} and restarts after a delay: " +
        $"{serving.Tracker.Failures.Last?.Error ?? "it stopped without an error."} " +
        "Read without waiting, or try again in a few seconds.");

    private static object Refuse(IForView message, ReadRejection rejection, string text) => message is ViewCommand
        ? new ViewOutcome(message.View, IsAccepted: false, text)
        : new ReadRejected(rejection, text);
}
