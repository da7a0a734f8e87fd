using System.CommandLine;
using Flume.Actors;
using Flume.Host.Serving;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Checking;
using Flume.Views.Registered;

namespace Flume.Host.Cli;

/// <summary><c>flume check</c>: proves that views' rows equal the fold of the log.</summary>
internal static class CheckVerb
{
    private static readonly Option<int?> Sample = new("--sample")
    {
        Description = "Compare N records and N rows chosen at random instead of all", HelpName = "N",
    };

    private static readonly Option<int?> Seed = new("--seed")
    {
        Description = "What --sample chooses with; an earlier output names it", HelpName = "S",
    };

    public static Command Create()
    {
        Argument<string[]> views = new("VIEW")
        {
            Description = "The views to check; all when none is named", Arity = ArgumentArity.ZeroOrMore,
        };
        TargetOptions at = new(
            $"Check in this data directory, without a server ({Where.DefaultData})",
            "Let this server check while it serves, at low priority",
            "Whose views; may be left out when there is one identity only");
        Command command = new("check",
            "Prove that views' rows equal the fold of the log, or list the rows that do not; changes nothing")
        {
            views, Sample, Seed,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)),
            new Request(parsed.GetValue(views) ?? [], at.Identity(parsed), Options(parsed)), at.Of(parsed), cancel));
        return command;
    }

    private static ViewCheckOptions Options(ParseResult parsed)
    {
        int? sample = parsed.GetValue(Sample);
        if (sample < 1) throw VerbException.Usage($"--sample {sample} makes no sense. Expected 1 or more.");
        if (sample is null && parsed.GetValue(Seed) is not null)
            throw VerbException.Usage("--seed chooses what --sample compares: give both, or neither.");
        return new ViewCheckOptions { Sample = sample, Seed = parsed.GetValue(Seed) };
    }

    private static async Task<int> RunAsync(
        Output output, Request request, Target target, CancellationToken cancel)
    {
        if (target.Http is not null)
            return await OnlineCheck.RunAsync(output, request, target.Server, cancel).ConfigureAwait(false);
        IReadOnlyList<ViewCheckReport> reports =
            await OfflineAsync(output, request, target.Directory, cancel).ConfigureAwait(false);
        return CheckPrint.Print(output, reports);
    }

    private static async Task<IReadOnlyList<ViewCheckReport>> OfflineAsync(
        Output output, Request request, DataDirectory data, CancellationToken cancel)
    {
        string name = Target.Identity(request.Identity, data);
        IdentityFiles files = data.Identity(name);
        using DirectoryLock claim = DirectoryLock.Take(data.Path);
        NamePendingDeletions(output, data, name);
        using OffsetLog log = OffsetLog.Open(files.Log, new LogOptions { ReadOnly = true });
        IdentityKind kind = IdentityKindFile.Read(files);
        FeedKeys? keys = kind == IdentityKind.Ssb && File.Exists(files.Secret) ? SecretFile.Read(files.Secret) : null;
        using UnboxCache? memory = keys is null ? null : UnboxCache.Open(files.Own, keys);
        Unboxer? boxes = keys is null ? null : new Unboxer(keys, memory);
        List<IView> views = ViewNames.Of(
            request.Views, Catalog(kind, ViewNames.Catalog(request.Views, files.Views), data, name));
        if (views.Count == 0 && !output.IsJson)
            output.Line($"Identity '{name}' keeps no view whose rows could be checked.");
        return await Progress.RunAsync(output, async bars =>
        {
            List<ViewCheckReport> reports = [];
            foreach (IView view in views)
            {
                string folder = view is IRegisteredView ? files.RegisteredView(view.Name) : files.View(view.Name);
                ViewCheckOptions options = request.Options with { Progress = new Bar(bars(view.Name)) };
                reports.Add(await OfflineCheck.RunAsync(
                    view, folder, (log, IdentityViews.Format(kind, boxes)), options, cancel).ConfigureAwait(false));
            }

            return reports;
        }).ConfigureAwait(false);
    }

    /// <summary>The built-in views of the identity's kind, and the declared ones that its journal names.</summary>
    private static ViewCatalog Catalog(IdentityKind kind, ViewCatalog known, DataDirectory data, string name) => new(
        IdentityViews.Of(kind, known).Views.Concat(
            IdentityEvents.DeclaredViews(IdentityEvents.JournalIn(data.Path), name)));
    private static void NamePendingDeletions(Output output, DataDirectory data, string identity)
    {
        foreach (Offset offset in IdentityEvents.PendingDeletions(IdentityEvents.JournalIn(data.Path), identity))
            output.Note(
                $"note: the deletion of the record at offset {offset} is not settled: rows of it may be left. The " +
                "service settles it when it starts.");
    }

    /// <summary>The parsed command line.</summary>
    internal sealed record Request(string[] Views, string? Identity, ViewCheckOptions Options);

    private sealed class Bar(IProgress<Amount> bar) : IProgress<ViewCheckProgress>
    {
        public void Report(ViewCheckProgress value) => bar.Report(new Amount(value.Done, value.Total));
    }
}
