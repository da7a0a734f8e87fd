using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views;

namespace Flume.Host.Http;

/// <summary>The views of an identity: their state, and the operator's commands.</summary>
internal sealed class ViewEndpoints(ServerContext site)
{
    /// <summary>Adds the routes. A command without a view's name applies to all views.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/{name}/views", ListAsync);
        routes.MapGet("/v1/{name}/views/{view}", ShowAsync);
        foreach (string command in (string[])["rebuild", "cancel", "pause", "resume", "budget"])
        {
            Task Run(HttpContext context) => CommandAsync(context, command);
            routes.MapPost($"/v1/{{name}}/views/{command}", Run);
            routes.MapPost($"/v1/{{name}}/views/{{view}}/{command}", Run);
        }
    }

    private async Task ListAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        IReadOnlyList<ViewStatus> views = await identity.StatusAsync(context.RequestAborted).ConfigureAwait(false);
        LogStatus log = await identity.LogStatusAsync(context.RequestAborted).ConfigureAwait(false);
        await JsonAnswer.SendAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("head", log.Head.Value);
            json.WriteNumber("bytes", log.Bytes);
            json.WriteStartArray("views");
            foreach (ViewStatus view in views) ViewJson.Write(json, view);
            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task ShowAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        string name = ViewName(context, identity)!;
        foreach (ViewStatus view in await identity.StatusAsync(context.RequestAborted).ConfigureAwait(false))
        {
            if (view.Name != name) continue;
            await JsonAnswer.SendAsync(context, json => ViewJson.Write(json, view)).ConfigureAwait(false);
            return;
        }

        throw new UnknownViewException(name, identity.Views.Views);
    }

    private async Task CommandAsync(HttpContext context, string command)
    {
        QueryParameters query = QueryParameters.Of(context, Parameters(command));
        site.RefuseWhenStopping($"the {command}");
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        ViewSelection views = ViewName(context, identity) is { } name ? ViewSelection.One(name) : ViewSelection.All;
        CancellationToken gone = context.RequestAborted;
        CommandOutcome outcome = await (command switch
        {
            "rebuild" => identity.RebuildAsync(views, query.Offset("from"), gone),
            "cancel" => identity.CancelAsync(views, gone),
            "pause" => identity.PauseAsync(views, query.Text("reason") ?? "requested", query.Time("until"), gone),
            "resume" => identity.ResumeAsync(views, gone),
            _ => identity.BudgetAsync(views, Budget(query), gone),
        }).ConfigureAwait(false);
        if (!outcome.IsAccepted) throw Refused(command, views, outcome);

        int status = command == "rebuild" ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        await JsonAnswer.SendAsync(context, json =>
        {
            json.WriteStartObject();
            ViewJson.WriteOutcomes(json, outcome);
            json.WriteEndObject();
        }, status).ConfigureAwait(false);
    }

    private static string[] Parameters(string command) => command switch
    {
        "rebuild" => ["from"],
        "pause" => ["reason", "until"],
        "budget" => ["share", "rate"],
        _ => [],
    };

    private static IndexBudget Budget(QueryParameters query)
    {
        double? share = query.Fraction("share"), rate = query.Fraction("rate");
        IndexBudget budget = new(share ?? 1, rate);
        if (budget.IsValid && (share ?? rate) is not null) return budget;
        string given = $"share is '{query.Text("share")}', rate is '{query.Text("rate")}'";
        throw new ProblemException(ProblemTypes.BadParameter, $"This is no budget: {given}.")
        {
            Expected = "share: the part of the time that indexing may run, more than 0 and at most 1; " +
                "rate: the records that it may apply in a second, more than 0; or both",
        };
    }

    private static string? ViewName(HttpContext context, IIdentity identity)
    {
        if (context.Request.RouteValues["view"] is not string name) return null;
        return identity.Views.Contains(name) ? name : throw new UnknownViewException(name, identity.Views.Views);
    }

    private static ProblemException Refused(string command, ViewSelection views, CommandOutcome outcome)
    {
        IEnumerable<string> reasons = outcome.Views.Where(view => !view.IsAccepted).Select(view => view.Text);
        string detail = $"The {command} of {views} was refused: {string.Join(" ", reasons)}";
        return new ProblemException(ProblemTypes.CommandRefused, detail)
        {
            More = json => ViewJson.WriteOutcomes(json, outcome),
        };
    }
}
