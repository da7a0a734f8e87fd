using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.TestKit;

/// <summary>An identity with a real log and scripted views, for HTTP tests without actors.</summary>
internal sealed class FakeIdentity(string name, OffsetLog log) : IIdentity
{
    /// <summary>The exception that the next calls throw.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The outcome of commands to views.</summary>
    public CommandOutcome Outcome { get; set; } = new([new ViewOutcome("feeds", true, "does it")]);

    /// <summary>The received commands, in order.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>The durabilities of the appends, in order.</summary>
    public List<Durability> Durabilities { get; } = [];

    /// <summary>Every append awaits this task before it writes.</summary>
    public Task AppendAdmission { get; set; } = Task.CompletedTask;

    /// <summary>The number of started appends.</summary>
    public int AppendsBegun { get; private set; }

    public string Name => name;

    public FeedPublisher Publisher => field ??= new(this, TimeProvider.System);

    public IdentityServices Services { get; } = new();

    public FeedKeys? Keys => null;

    public OffsetLog Log => log;

    public ViewCatalog Views => SsbViews.Catalog;

    public Unboxer? Boxes => null;

    public ValueTask<ViewRead> ReadAsync(string view, ReadFreshness freshness, CancellationToken cancel = default) =>
        new(new ViewRead(new MemoryViewStore().OpenReader(), ViewState.Live));

    public async ValueTask<Appended> AppendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> payloads, AppendTerms terms, CancellationToken cancel = default)
    {
        AppendsBegun++;
        await AppendAdmission.WaitAsync(cancel);
        ThrowIfToldTo();
        Durabilities.Add(terms.Durability);
        if (terms.ExpectedHead is { } expected && expected != log.Head)
            throw new AppendRejectedException(AppendRejection.HeadMoved, $"The head is {log.Head}.") { Head = log.Head };
        AppendResult result = log.Append([.. payloads], terms.Durability);
        return new Appended(result.Offsets, result.Head);
    }

    public ValueTask<Offset> WaitForHeadAsync(Offset beyond, CancellationToken cancel = default) =>
        log.WaitForHeadAsync(beyond, cancel);

    public ValueTask DeleteAsync(Offset offset, CancellationToken cancel = default) =>
        throw new NotSupportedException();

    public ValueTask ReopenLogAsync(CancellationToken cancel = default) => throw new NotSupportedException();

    public ValueTask<LogStatus> LogStatusAsync(CancellationToken cancel = default)
    {
        ThrowIfToldTo();
        return new(new LogStatus(log.Head, log.EndPosition, null, 0, 0));
    }

    public ValueTask<IReadOnlyList<ViewStatus>> StatusAsync(CancellationToken cancel = default) => new(
    [
        new ViewStatus
        {
            Name = "feeds",
            Version = 1,
            State = ViewState.Rebuilding,
            Since = Offset.None,
            Head = log.Head,
            Lag = new ViewLag(2, 100, 1.5),
            Eta = TimeSpan.FromSeconds(3),
            Rebuilding = new RebuildInfo(0.25, 1000, null, "requested"),
        },
    ]);

    public ValueTask<CommandOutcome> RebuildAsync(
        ViewSelection views, Offset? from = null, CancellationToken cancel = default) =>
        Take(from is { } offset ? $"rebuild {views} from {offset}" : $"rebuild {views}");

    public ValueTask<CommandOutcome> CancelAsync(ViewSelection views, CancellationToken cancel = default) =>
        Take($"cancel {views}");

    public ValueTask<CommandOutcome> PauseAsync(
        ViewSelection views, string reason, DateTimeOffset? until = null, CancellationToken cancel = default) =>
        Take($"pause {views} because {reason} until {until:u}");

    public ValueTask<CommandOutcome> ResumeAsync(ViewSelection views, CancellationToken cancel = default) =>
        Take($"resume {views}");

    public ValueTask<CommandOutcome> BudgetAsync(
        ViewSelection views, IndexBudget budget, CancellationToken cancel = default) =>
        Take($"budget {views} {budget}");

    private ValueTask<CommandOutcome> Take(string command)
    {
        Commands.Add(command);
        return new(Outcome);
    }

    private void ThrowIfToldTo()
    {
        if (Failure is not null) throw Failure;
    }
}
