using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;

namespace Flume.Actors.Tests.Journal;

/// <summary>What commands answer while the journal fails.</summary>
public sealed class FailingJournalTests
{
    private const string Hocon = """
        akka.persistence.journal.plugin = "failing-journal"
        failing-journal {
          class = "Flume.Actors.Tests.Journal.FailingJournal, Flume.Actors.Tests"
          plugin-dispatcher = "akka.actor.default-dispatcher"
        }
        """;

    [Fact]
    public async Task A_pause_that_the_journal_did_not_take_says_so_at_once()
    {
        await using EngineRig rig = await new EngineRig(Hocon, new TestView("alpha")).StartAsync();
        await rig.AppendAsync(3);
        Assert.Equal(3, await rig.CaughtUpAsync("alpha"));
        FailingJournal.Fails = true;

        CommandOutcome outcome = await rig.Alice.PauseAsync(ViewSelection.One("alpha"), "test").AsTask()
            .WaitAsync(TimeSpan.FromSeconds(5));

        FailingJournal.Fails = false;
        ViewOutcome view = Assert.Single(outcome.Views);
        Assert.True(view.IsAccepted);
        Assert.False(view.IsStored);
        Assert.Contains("the journal has not stored this", view.Text, StringComparison.Ordinal);
    }
}

/// <summary>A journal in memory that fails on demand.</summary>
public sealed class FailingJournal : MemoryJournal
{
    private static volatile bool _fails;

    /// <summary>True makes every write fail.</summary>
    internal static bool Fails
    {
        get => _fails;
        set => _fails = value;
    }

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) => Fails
        ? Task.FromException<IImmutableList<Exception>>(new IOException("No space left on device."))
        : base.WriteMessagesAsync(messages, cancellationToken);
}
