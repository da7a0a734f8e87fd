using Akka.Actor;
using Akka.Event;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;
using static Flume.Actors.Protocol.RebuildProtocol;

namespace Flume.Actors;

/// <content>Views that build their stores themselves: each runs its own scan, in parallel to other scans.</content>
internal sealed partial class RebuildActor
{
    private readonly Dictionary<string, OwnBuild> _own = new(StringComparer.Ordinal);

    private void ReceiveOwnBuilds()
    {
        Receive<CancelRebuild>(cancel => CancelOwnBuild(cancel.View), cancel => _own.ContainsKey(cancel.View));
        Receive<SetScanBudget>(
            set => _own[set.View].Budget = set.Budget, set => _own.ContainsKey(set.View));
        Receive<OwnProgressed>(OnOwnProgress);
        Receive<OwnEnded>(OnOwnEnded);
    }

    private void BuildOwn(IOwnStoreView view, RequestRebuild request)
    {
        CancelOwnBuild(view.Name);
        object created = EmptyStore(request);
        if (created is not Rebuilt empty)
        {
            Sender.Tell(created);
            return;
        }

        var build = new OwnBuild(Sender, request.Token, empty.Next, request.Budget);
        _own[view.Name] = build;
        _events.Info("Rebuilding {0} of {1} up to {2}.", view.Name, _context.Name, _log.Head);
        ViewBuild input = BuildInput(build, view.Name, Self);
        IActorRef self = Self;
        Task<Checkpoint> work = DedicatedThread.Start(() => view.Build(empty.Next.Store, input, build.Stop.Token));
        build.Work = work;
        work.ContinueWith(
            done => self.Tell(new OwnEnded(view.Name, build, done.Exception?.InnerException, done.IsCanceled)),
            TaskScheduler.Default);
    }

    private ViewBuild BuildInput(OwnBuild build, string view, IActorRef self) => new(
        _log, new SsbFormat(_context.Session.Boxes))
    {
        Share = () => build.Budget.Share * _settings.Share,
        RecordsPerSecond = () => build.Budget.RecordsPerSecond ?? double.PositiveInfinity,
        IsQuiet = build.Budget.Share * _settings.Share < 1,
        Progress = new RebuildProgressReporter(
            _context.Time, _settings.ProgressEvery, progress => self.Tell(new OwnProgressed(view, build, progress))),
    };

    private void OnOwnProgress(OwnProgressed progressed)
    {
        if (_own.GetValueOrDefault(progressed.View) == progressed.Build)
            progressed.Build.Asker.Tell(new RebuildProgressed(progressed.Build.Token, progressed.Progress));
    }

    private void OnOwnEnded(OwnEnded ended)
    {
        OwnBuild build = ended.Build;
        bool isCurrent = _own.GetValueOrDefault(ended.View) == build;
        if (isCurrent) _own.Remove(ended.View);
        build.Stop.Dispose();
        if (isCurrent && build.Work.IsCompletedSuccessfully)
        {
            build.Asker.Tell(new Rebuilt(build.Token, build.Next, ((Task<Checkpoint>)build.Work).Result.Since));
            return;
        }

        _context.Stores(ended.View).Abandon(build.Next);
        if (!isCurrent) return;
        if (ended.Failure is LogDamagedException damage) ReportDamage(damage);
        build.Asker.Tell(new RebuildFailed(
            build.Token, ended.Failure ?? new OperationCanceledException("The build was cancelled.")));
    }

    /// <summary>Cancels a build. Its store is removed when the build has ended.</summary>
    private void CancelOwnBuild(string view)
    {
        if (_own.Remove(view, out OwnBuild? build)) build.Stop.Cancel();
    }

    /// <summary>
    /// Notifies the views that wait, so that they send their requests again after a restart of this actor.
    /// </summary>
    private void StopOwnBuilds()
    {
        foreach ((string view, OwnBuild build) in _own)
        {
            build.Asker.Tell(new RebuildForgotten(build.Token));
            build.Stop.Cancel();
            bool hasEnded = ((IAsyncResult)build.Work).AsyncWaitHandle.WaitOne(StopWithin);
            if (hasEnded) _context.Stores(view).Abandon(build.Next);
        }

        _own.Clear();
    }

    /// <summary>A running build.</summary>
    private sealed class OwnBuild(IActorRef asker, long token, NextStore next, IndexBudget budget)
    {
        private readonly Lock _lock = new();
        private IndexBudget _budget = budget;

        public IActorRef Asker { get; } = asker;

        public long Token { get; } = token;

        public NextStore Next { get; } = next;

        public CancellationTokenSource Stop { get; } = new();

        public Task Work { get; set; } = Task.CompletedTask;

        public IndexBudget Budget
        {
            get { lock (_lock) return _budget; }
            set { lock (_lock) _budget = value; }
        }
    }

    /// <summary>To itself: progress of a build.</summary>
    private sealed record OwnProgressed(string View, OwnBuild Build, RebuildProgress Progress);

    /// <summary>To itself: a build completed, failed or was cancelled.</summary>
    private sealed record OwnEnded(string View, OwnBuild Build, Exception? Failure, bool IsCancelled);
}
