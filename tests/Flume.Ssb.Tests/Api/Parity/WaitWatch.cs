using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;
using Flume.Views;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>An identity that forwards all calls and records the head that its caller waits for.</summary>
internal sealed class WaitWatch(IIdentity of) : IIdentity
{
    private long _waitsBeyond = long.MinValue;

    /// <summary>The head that a waiting caller knows; null if no caller waits.</summary>
    public Offset? WaitsBeyond => Volatile.Read(ref _waitsBeyond) is var at and not long.MinValue ? new Offset(at) : null;

    /// <summary>Called when a caller starts to wait at the head.</summary>
    public Action? Waiting { get; init; }

    public string Name => of.Name;

    public FeedPublisher Publisher => of.Publisher;

    public IdentityServices Services => of.Services;

    public FeedKeys? Keys => of.Keys;

    public OffsetLog Log => of.Log;

    public ViewCatalog Views => of.Views;

    public Unboxer? Boxes => of.Boxes;

    public async ValueTask<Offset> WaitForHeadAsync(Offset beyond, CancellationToken cancel = default)
    {
        Volatile.Write(ref _waitsBeyond, beyond.Value);
        if (of.Log.Head <= beyond) Waiting?.Invoke();
        try
        {
            return await of.WaitForHeadAsync(beyond, cancel);
        }
        finally
        {
            Volatile.Write(ref _waitsBeyond, long.MinValue);
        }
    }

    public ValueTask<ViewRead> ReadAsync(string view, ReadFreshness freshness, CancellationToken cancel = default) =>
        of.ReadAsync(view, freshness, cancel);

    public ValueTask<Appended> AppendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> payloads, AppendTerms terms, CancellationToken cancel = default) =>
        of.AppendAsync(payloads, terms, cancel);

    public ValueTask DeleteAsync(Offset offset, CancellationToken cancel = default) => of.DeleteAsync(offset, cancel);

    public ValueTask ReopenLogAsync(CancellationToken cancel = default) => of.ReopenLogAsync(cancel);

    public ValueTask<LogStatus> LogStatusAsync(CancellationToken cancel = default) => of.LogStatusAsync(cancel);

    public ValueTask<IReadOnlyList<ViewStatus>> StatusAsync(CancellationToken cancel = default) => of.StatusAsync(cancel);

    public ValueTask<CommandOutcome> RebuildAsync(
        ViewSelection views, Offset? from = null, CancellationToken cancel = default) =>
        of.RebuildAsync(views, from, cancel);

    public ValueTask<CommandOutcome> CancelAsync(ViewSelection views, CancellationToken cancel = default) =>
        of.CancelAsync(views, cancel);

    public ValueTask<CommandOutcome> PauseAsync(
        ViewSelection views, string reason, DateTimeOffset? until = null, CancellationToken cancel = default) =>
        of.PauseAsync(views, reason, until, cancel);

    public ValueTask<CommandOutcome> ResumeAsync(ViewSelection views, CancellationToken cancel = default) =>
        of.ResumeAsync(views, cancel);

    public ValueTask<CommandOutcome> BudgetAsync(ViewSelection views, IndexBudget budget, CancellationToken cancel = default) =>
        of.BudgetAsync(views, budget, cancel);
}
