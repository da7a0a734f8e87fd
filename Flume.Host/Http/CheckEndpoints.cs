using System.Runtime.CompilerServices;
using System.Text.Json;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Checking;

namespace Flume.Host.Http;

/// <summary>
/// Checks, while serving, that views' rows equal the fold of the log: streams progress, then one line per view.
/// </summary>
/// <remarks>One check runs at a time, on one thread of low priority, so that it does not slow down the views.</remarks>
internal sealed class CheckEndpoints(ServerContext site)
{
    private const int SampleMax = 1_000_000;

    private readonly ConcurrencyLimiter _running = new(1);

    /// <summary>Adds the routes. Without a view's name all views are checked in sequence.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/{name}/views/check", CheckAsync);
        routes.MapPost("/v1/{name}/views/{view}/check", CheckAsync);
    }

    private async Task CheckAsync(HttpContext context)
    {
        ViewCheckOptions options = Options(QueryParameters.Of(context, "sample", "seed", "share"));
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        IReadOnlyList<IView> views = context.Request.RouteValues["view"] is string name
            ? [Checkable(identity.Views.Get(name))]
            : [.. identity.Views.Views.Where(ViewCheck.Covers)];
        using IDisposable stream = site.TakeStream(context);
        using IDisposable slot = _running.TryTake() ?? throw new ProblemException(
            ProblemTypes.WorkBusy, "Another check is under way; one runs at a time.")
        { RetryAfterSeconds = 10 };
        NdjsonStream answer = new(context, site.Stopping) { SetHeaders = static _ => { } };
        await answer.SendAsync(
            gone => LinesAsync(identity, views, options, gone), ProgressStream.WriteLine).ConfigureAwait(false);
    }

    private static IView Checkable(IView view) => ViewCheck.Covers(view) ? view : throw new ProblemException(
        ProblemTypes.BadParameter, $"View '{view.Name}' can't be checked: a client makes its rows.")
    {
        Expected = "a view whose rows come from the records of the log",
    };

    private static ViewCheckOptions Options(QueryParameters query)
    {
        ViewCheckOptions options = ViewCheckOptions.Gentle with { Seed = (int?)query.Number("seed") };
        if (query.Number("sample") is { } sample)
        {
            if (sample is < 1 or > SampleMax) throw Wrong("sample", sample, $"from 1 to {SampleMax}");
            options = options with { Sample = (int)sample };
        }

        if (query.Fraction("share") is not { } share) return options;
        return share is > 0 and <= 1
            ? options with { Share = share }
            : throw Wrong("share", share, "more than 0, at most 1");
    }

    private static ProblemException Wrong(string name, double value, string expected) =>
        new(ProblemTypes.BadParameter, $"The parameter '{name}' is '{value}'.") { Expected = $"{name}: {expected}" };

    private static async IAsyncEnumerable<byte[]> LinesAsync(
        IIdentity identity, IReadOnlyList<IView> views, ViewCheckOptions options,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (IView view in views)
        {
            IAsyncEnumerable<byte[]> lines = ProgressStream.LinesAsync<ViewCheckProgress>(
                progress => CheckAsync(identity, view, options with { Progress = progress }, cancel),
                at => JsonText.Of(json => Write(json, view.Name, at)));
            await foreach (byte[] line in lines.ConfigureAwait(false)) yield return line;
        }
    }

    private static async Task<byte[]> CheckAsync(
        IIdentity identity, IView view, ViewCheckOptions options, CancellationToken cancel)
    {
        ViewCheckReport report;
        try
        {
            using ViewRead read = await identity.ReadAsync(
                view.Name, ReadFreshness.NoWait, cancel).ConfigureAwait(false);
            report = await ViewCheck.RunAsync(
                new ViewCheckTarget(view, read.Rows, identity.Log, identity.Format), options,
                cancel).ConfigureAwait(false);
        }
        catch (ReadRejectedException refused)
        {
            report = new ViewCheckReport { View = view.Name, Since = Offset.None, Faults = [refused.Message] };
        }

        return JsonText.Of(json => CheckJson.Write(json, report));
    }

    private static void Write(Utf8JsonWriter json, string view, ViewCheckProgress at)
    {
        json.WriteStartObject();
        json.WriteStartObject("progress");
        json.WriteString("what", $"checking {view}");
        json.WriteNumber("done", at.Done);
        json.WriteNumber("total", at.Total);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
