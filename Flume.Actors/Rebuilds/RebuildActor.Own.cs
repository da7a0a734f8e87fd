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

/// <content>Views that build their stores by themselves: each by a scan of its own, beside any other.</content>
internal sealed partial class RebuildActor
{
    private readonly Dictionary<string, OwnBuild> _own = new(StringComparer.Ordinal);

    private void ReceiveOwnBuilds()
    {
        Receive<CancelRebuild>(cancel => Forget(cancel.View), cancel => _own.ContainsKey(cancel.View));
        Receive<SetScanBudget>(
            set => _own[set.View].Budget = set.Budget, set => _own.ContainsKey(set.View));
        Receive<OwnProgressed>(OnOwnProgress);
        Receive<OwnEnded>(OnOwnEnded);
    }

    private void BuildOwn(IOwnStoreView view, RequestRebuild request)
    {
        Forget(view.Name);
        object made = EmptyStore(request);
        if (made is not Rebuilt empty)
        {
            Sender.Tell(made);
            return;
        }

        var build = new OwnBuild(Sender, request.Token, empty.Next, request.Budget);
        _own[view.Name] = build;
        _events.Info("Rebuilding {0} of {1} up to {2}.", view.Name, _context.Name, _log.Head);
        ViewBuild given = Given(build, view.Name, Self);
        IActorRef self = Self;
        Task<Checkpoint> work = DedicatedThread.Start(() => view.Build(empty.Next.Store, given, build.Stop.Token));
        build.Work = work;
        work.ContinueWith(
            done => self.Tell(new OwnEnded(view.Name, build, done.Exception?.InnerException, done.IsCanceled)),
            TaskScheduler.Default);
    }

    private ViewBuild Given(OwnBuild build, string view, IActorRef self) => new(_log, new SsbFormat(_context.Session.Boxes))
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
            progressed.Build.Asker.Tell(new RebuildProgressed(progressed.Build.Token, progressed.News));
    }

    private void OnOwnEnded(OwnEnded ended)
    {
        OwnBuild build = ended.Build;
        bool isWanted = _own.GetValueOrDefault(ended.View) == build;
        if (isWanted) _own.Remove(ended.View);
        build.Stop.Dispose();
        if (isWanted && build.Work.IsCompletedSuccessfully)
        {
            build.Asker.Tell(new Rebuilt(build.Token, build.Next, ((Task<Checkpoint>)build.Work).Result.Since));
            return;
        }

        _context.Stores(ended.View).Abandon(build.Next);
        if (!isWanted) return;
        if (ended.Failure is Flume.Log.LogDamagedException damage)
            Context.Parent.Tell(new Protocol.IdentityProtocol.DamageFound(damage.Offset, damage.Message));
        build.Asker.Tell(new RebuildFailed(
            build.Token, ended.Failure ?? new OperationCanceledException("The build was cancelled.")));
    }

    /// <summary>The store goes when its build has let go of it.</summary>
    private void Forget(string view)
    {
        if (_own.Remove(view, out OwnBuild? build)) build.Stop.Cancel();
    }

    /// <summary>Views keep waiting for what they asked of this actor: they are told to ask again.</summary>
    private void StopOwnBuilds()
    {
        foreach ((string view, OwnBuild build) in _own)
        {
            build.Asker.Tell(new RebuildForgotten(build.Token));
            build.Stop.Cancel();
            if (((IAsyncResult)build.Work).AsyncWaitHandle.WaitOne(StopWithin)) _context.Stores(view).Abandon(build.Next);
        }

        _own.Clear();
    }

    /// <summary>A build under way.</summary>
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

    /// <summary>To itself: how far a build has come.</summary>
    private sealed record OwnProgressed(string View, OwnBuild Build, RebuildProgress News);

    /// <summary>To itself: a build has ended, one way or another.</summary>
    private sealed record OwnEnded(string View, OwnBuild Build, Exception? Failure, bool IsCancelled);
}
