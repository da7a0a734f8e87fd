using System.Globalization;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>The freshness headers of an answer: its offset, and the state of the view that answered.</summary>
internal sealed class FreshnessHeaders
{
    /// <summary>The offset of the last entry that the answer reflects (inclusive).</summary>
    public const string SinceHeader = "Flume-Since";

    /// <summary>The state of the view that answered.</summary>
    public const string StateHeader = "Flume-State";

    /// <summary>
    /// The rebuild that runs while older rows answer: its progress from 0 to 1, then records a second and seconds left,
    /// if known: <c>0.42; rate=81000; eta=2.5</c>.
    /// </summary>
    public const string RebuildingHeader = "Flume-Rebuilding";

    private readonly TaskCompletionSource _recorded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Offset _since;
    private ViewState? _state;
    private RebuildInfo? _rebuilding;

    /// <summary>Completes when the answer has taken a view's snapshot.</summary>
    public Task Recorded => _recorded.Task;

    /// <summary>Records the snapshot that answers; of several, the one with the smallest since counts.</summary>
    public void Record(ViewRead read)
    {
        lock (_recorded)
        {
            if (_state is null || read.Since < _since) _since = read.Since;
            _state = read.State;
            _rebuilding = read.Rebuilding;
        }

        _recorded.TrySetResult();
    }

    /// <summary>Sets the headers; uses <paramref name="head"/> if the answer read no view.</summary>
    public void SetHeaders(HttpResponse response, Offset head)
    {
        lock (_recorded)
        {
            response.Headers[SinceHeader] = (_state is null ? head : _since).ToString();
            if (_state is ViewState known) response.Headers[StateHeader] = ViewJson.Name(known);
            if (_rebuilding is not null) response.Headers[RebuildingHeader] = Describe(_rebuilding);
        }
    }

    private static string Describe(RebuildInfo rebuilding)
    {
        string text = rebuilding.Progress.ToString("0.###", CultureInfo.InvariantCulture);
        if (rebuilding.RecordsPerSecond > 0)
            text += string.Create(CultureInfo.InvariantCulture, $"; rate={rebuilding.RecordsPerSecond:0}");
        if (rebuilding.Eta is { } eta)
            text += string.Create(CultureInfo.InvariantCulture, $"; eta={eta.TotalSeconds:0.#}");
        return text;
    }
}
