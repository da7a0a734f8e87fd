using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Watches one actor for somebody outside, and completes a task when it ends.</summary>
internal sealed class DeathWatchRef : MinimalActorRef
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActorSystemImpl _system;
    private readonly IInternalActorRef _target;

    public DeathWatchRef(IInternalActorRef target)
    {
        _target = target;
        _system = target.System;
        Path = _system.TempPath();
        target.SendSystemMessage(new Watch(target, this));
    }

    public override ActorPath Path { get; }

    internal override ActorSystemImpl SystemOrNull => _system;

    /// <summary>Waits for the end of the actor; false when the token was cancelled first.</summary>
    public async Task<bool> WaitAsync(CancellationToken token)
    {
        using (token.Register(static state => ((DeathWatchRef)state).Abandon(), this))
            return await _ended.Task.ConfigureAwait(false);
    }

    internal override void HandleSystemMessage(SystemMessage message)
    {
        if (message is DeathWatchNotification)
            _ended.TrySetResult(true);
    }

    private void Abandon()
    {
        if (_ended.TrySetResult(false))
            _target.SendSystemMessage(new Unwatch(_target, this));
    }
}
