using Flume.Ssb.Api;

namespace Flume.Muxrpc.Calls;

/// <summary>Starts the writing calls of one connection in the order of their arrival.</summary>
/// <remarks>
/// 1. Calls of one lane start in order, without waiting for earlier answers. The code before a call's first wait
///    determines its position.
/// 2. A call of another lane starts when all earlier calls are answered.
/// Only the read loop calls <see cref="Start"/>. Any thread may call <see cref="AnsweredAsync"/>.
/// </remarks>
internal sealed class WriteOrder(TaskScheduler turns)
{
    private WriteLane _lane;
    private Task _begun = Task.CompletedTask;
    private volatile Task _answered = Task.CompletedTask;

    /// <summary>Starts a call at its position in the order.</summary>
    public void Start(WriteLane next, Func<Task> run)
    {
        Task before = next == _lane && next != WriteLane.Alone ? _begun : _answered;
        Task<Task> starting = before.ContinueWith(
            _ => run(), CancellationToken.None, TaskContinuationOptions.DenyChildAttach, turns);
        (_lane, _begun) = (next, starting);
        _answered = Task.WhenAll(_answered, starting.Unwrap());
    }

    /// <summary>Completes when all earlier calls are answered.</summary>
    public Task AnsweredAsync() => _answered;
}
