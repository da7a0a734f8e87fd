using System.Globalization;
using Flume.Api;
using Flume.Primitives;

namespace Flume.Host.Http;

/// <summary>What an answer is worth, as its headers say: of which offset it is, and what the view was doing.</summary>
internal sealed class ReadMark
{
    /// <summary>The offset of the last entry that the answer reflects (inclusive).</summary>
    public const string SinceHeader = "Flume-Since";

    /// <summary>The state of the view that answered.</summary>
    public const string StateHeader = "Flume-State";

    /// <summary>How far the rebuild has come that runs beside the answering rows, 0 to 1, and why it runs.</summary>
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
            if (rebuilding is not null)
                response.Headers[RebuildingHeader] =
                    rebuilding.Progress.ToString("0.###", CultureInfo.InvariantCulture);
        }
    }
}
