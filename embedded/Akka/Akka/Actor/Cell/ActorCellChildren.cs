using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The children of one actor, by name, and which of them are ending.</summary>
/// <remarks>
/// 1. Guarded by its own lock: a system's guardians are given children from any thread.
/// 2. A name is free again once its child has ended; that is before a watcher of the child learns of it.
/// 3. <c>_reason</c> is other than UserRequest only while <c>_ending</c> is not empty, or for good when it is
///    Terminate.
/// </remarks>
internal sealed class ActorCellChildren(ActorCell cell)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ChildRestartStats> _children = [];
    private readonly HashSet<IActorRef> _ending = [];
    private TerminationReason _reason = TerminationReason.UserRequest;
    private long _lastName = -1;

    public IReadOnlyList<IInternalActorRef> Refs
    {
        get
        {
            lock (_lock)
                return _children.Count == 0 ? [] : [.. _children.Values.Where(c => c != null).Select(c => c.Child)];
        }
    }

    public IReadOnlyList<ChildRestartStats> Stats
    {
        get
        {
            lock (_lock)
                return [.. _children.Values.Where(c => c != null)];
        }
    }

    public bool IsNormal => _reason == TerminationReason.UserRequest;

    public bool IsTerminating => _reason == TerminationReason.Terminate;

    /// <summary>Whether children are ending so that the actor can be made again.</summary>
    public bool IsWaitingForRestart => !IsNormal && !IsTerminating;

    public IInternalActorRef Add(Props props, string name)
    {
        if (name != null && !ActorPath.IsValidPathElement(name))
            throw new InvalidActorNameException(name.Length == 0 ? "Actor name must not be empty." :
                $"Illegal actor name [{name}]. Actor names are made of ASCII letters, digits and "
                    + $"{ActorPath.ValidSymbols}, "
                + "and do not start with $.");
        name ??= NextName();
        Reserve(name);
        LocalActorRef child;
        try
        {
            var path = new ChildActorPath(cell.Self.Path, name, Random.Shared.NextInt64(1, int.MaxValue));
            child = cell.SystemImpl.NewActorRef(props, cell.Self, path);
        }
        catch
        {
            lock (_lock)
                _children.Remove(name);
            throw;
        }
        Enter(name, child);
        child.Cell.Start();
        return child;
    }

    public IInternalActorRef Find(string name)
    {
        lock (_lock)
            return _children.GetValueOrDefault(name)?.Child;
    }

    public ChildRestartStats StatsOf(IActorRef child)
    {
        lock (_lock)
            return _children.TryGetValue(child.Path.Name, out var stats) && stats != null && stats.Child.Equals(child)
                ? stats : null;
    }

    public bool Contains(IActorRef child) => StatsOf(child) != null;

    /// <summary>Notes that a child is about to be stopped.</summary>
    public void WillEnd(IActorRef child)
    {
        lock (_lock)
        {
            if (Contains(child))
                _ending.Add(child);
        }
    }

    /// <summary>Removes a child that has ended; the reason for which the cell waited, if it was the last one.</summary>
    public TerminationReason Remove(IActorRef child)
    {
        lock (_lock)
        {
            _children.Remove(child.Path.Name);
            if (!_ending.Remove(child) || _ending.Count > 0)
                return null;
            var finished = _reason;
            if (!IsTerminating)
                _reason = TerminationReason.UserRequest;
            return finished;
        }
    }

    /// <summary>Waits for the children that are ending; false when there are none.</summary>
    public bool TryWaitFor(TerminationReason reason)
    {
        lock (_lock)
        {
            if (_ending.Count == 0)
                return false;
            _reason = reason;
            return true;
        }
    }

    /// <summary>Stops all children and lets no more be made; false when there are none to wait for.</summary>
    public bool StopAllForTermination()
    {
        IReadOnlyList<IInternalActorRef> all;
        lock (_lock)
        {
            all = Refs;
            _ending.UnionWith(all);
            _reason = TerminationReason.Terminate;
        }
        foreach (var child in all)
            child.Stop();
        return all.Count > 0;
    }

    /// <summary>Lets no more children be made.</summary>
    public void StopForever()
    {
        lock (_lock)
            _reason = TerminationReason.Terminate;
    }

    public void SuspendAll(IReadOnlyList<IInternalActorRef> except)
    {
        foreach (var child in Refs)
        {
            if (except == null || !except.Contains(child))
                child.SendSystemMessage(new Suspend());
        }
    }

    public void ResumeAll(Exception causedByFailure, IActorRef perpetrator)
    {
        foreach (var child in Refs)
            child.SendSystemMessage(new Resume(child.Equals(perpetrator) ? causedByFailure : null));
    }

    private void Reserve(string name)
    {
        lock (_lock)
        {
            if (IsTerminating)
                throw new InvalidOperationException(
                    $"Could not make the actor '{name}': its parent {cell.Self} is terminating and takes no more "
                        + "children.");
            if (!_children.TryAdd(name, null))
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique! {cell.Self} already has "
                    + "such a child.");
        }
    }

    private void Enter(string name, LocalActorRef child)
    {
        bool tooLate;
        lock (_lock)
        {
            _children[name] = new ChildRestartStats(child);
            tooLate = IsTerminating;
            if (tooLate)
                _ending.Add(child);
        }
        if (tooLate)
            child.Stop();
    }

    private string NextName() => Base64Name.Of(Interlocked.Increment(ref _lastName));
}
