using System.Globalization;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>What an answer is worth, as its headers say: of which offset it is, and what the view was doing.</summary>
internal sealed class FreshnessHeaders
{
    /// <summary>The offset of the last entry that the answer reflects (inclusive).</summary>
    public const string SinceHeader = "Flume-Since";

    /// <summary>The state of the view that answered.</summary>
    public const string StateHeader = "Flume-State";

    /// <summary>
    /// The rebuild that runs beside the answering rows: how far it has come, 0 to 1, then its records a second and the
    /// seconds left, where known: <c>0.42; rate=81000; eta=2.5</c>.
    /// </summary>
    public const string RebuildingHeader = "Flume-Rebuilding";

    private readonly TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Offset since;
    private ViewState? state;
    private RebuildInfo? rebuilding;

    /// <summary>Completes when a view's snapshot was taken for the answer.</summary>
    public Task Told => told.Task;

    /// <summary>Takes note of the snapshot that answers; of several, the oldest counts.</summary>
    public void Tell(ViewRead read)
    {
        lock (told)
        {
            if (state is null || read.Since < since) since = read.Since;
            state = read.State;
            rebuilding = read.Rebuilding;
        }

        told.TrySetResult();
    }

    /// <summary>Sets the headers; <paramref name="head"/> stands in when no view was read.</summary>
    public void SetHeaders(HttpResponse response, Offset head)
    {
        lock (told)
        {
            response.Headers[SinceHeader] = (state is null ? head : since).ToString();
            if (state is ViewState known) response.Headers[StateHeader] = ViewJson.Name(known);
            if (rebuilding is not null) response.Headers[RebuildingHeader] = Describe(rebuilding);
        }
    }

    private static string Describe(RebuildInfo rebuilding)
    {
        string text = rebuilding.Progress.ToString("0.###", CultureInfo.InvariantCulture);
        if (rebuilding.RecordsPerSecond > 0)
            text += string.Create(CultureInfo.InvariantCulture, $"; rate={rebuilding.RecordsPerSecond:0}");
        if (rebuilding.Eta is { } eta) text += string.Create(CultureInfo.InvariantCulture, $"; eta={eta.TotalSeconds:0.#}");
        return text;
    }
}
