using Flume.Ssb.Api;
using Flume.Views;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>What is answered in place of a view that can't answer itself.</summary>
internal static class Refusals
{
    /// <summary>There is no such view.</summary>
    public static object NoSuchView(IForView message, ViewCatalog catalog) =>
        Refuse(message, ReadRejection.NoSuchView, new UnknownViewException(message.View, catalog.Views).Message);

    /// <summary>The view stopped with an error and is opened again in a while.</summary>
    public static object Restarting(IForView message, ServingView serving) => Refuse(
        message, ReadRejection.Standing,
        $"View '{message.View}' stopped at {serving.Since} and is opened again in a while: " +
        $"{serving.Tracker.Failures.Last?.Error ?? "it was stopped from outside"} Read without waiting, or try again in some seconds.");

    private static object Refuse(IForView message, ReadRejection rejection, string text) => message is ViewCommand
        ? new ViewOutcome(message.View, IsAccepted: false, text)
        : new ReadRejected(rejection, text);
}
