using Flume.Ssb.Api;

namespace Flume.Muxrpc.Calls;

/// <summary>Begins the writing calls of one connection in the order in which they came.</summary>
/// <remarks>
/// 1. Calls of one lane begin one behind the other, and need not wait for each other's answers: what they do before they
/// first wait gives them their place. 2. A call of another lane begins when all earlier ones are answered.
/// For the read loop; <see cref="AnsweredAsync"/> for any thread.
/// </remarks>
internal sealed class WriteOrder(TaskScheduler turns)
{
    private WriteLane _lane;
    private Task _begun = Task.CompletedTask;
    private volatile Task _answered = Task.CompletedTask;

    /// <summary>Begins a call when its turn comes.</summary>
    public void Start(WriteLane next, Func<Task> run)
    {
        Task before = next == _lane && next != WriteLane.Alone ? _begun : _answered;
        Task<Task> starting = before.ContinueWith(
            _ => run(), CancellationToken.None, TaskContinuationOptions.DenyChildAttach, turns);
        (_lane, _begun) = (next, starting);
        _answered = Task.WhenAll(_answered, starting.Unwrap());
    }

    /// <summary>Completes when the calls that came so far are answered.</summary>
    public Task AnsweredAsync() => _answered;
}
