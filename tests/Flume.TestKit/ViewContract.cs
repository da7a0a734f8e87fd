using Flume.Log;
using Flume.Views;
using Flume.Views.Indexing;
using Flume.Views.Rebuilds;
using Flume.Views.Store;
using Xunit;
using Xunit.Abstractions;

namespace Flume.TestKit;

/// <summary>
/// The contract of every view (I3): rebuilt, incremental and restarted views have the same rows. Records that are not
/// messages are skipped and counted. If <c>Apply</c> throws, all earlier records stay committed and other views are
/// unaffected.
/// </summary>
public abstract class ViewContract(ITestOutputHelper output)
{
    /// <summary>The view under test.</summary>
    internal abstract IView View { get; }

    [Fact]
    public void Rebuilt_rows_equal_rows_grown_entry_by_entry()
    {
        using HostileLog log = new(output);
        using StoreFolder grown = new(View), rebuilt = new(View);
        ViewIndexer indexer = new(View, grown.Store);
        log.Grow(indexer, until: log.Log.Head);
        rebuilt.Rebuild(log.Log, log.Boxes);

        Assert.Equal(rebuilt.Digest(), grown.Digest());
        Assert.True(grown.Digest().Postings > 0, "the log has nothing for this view, so the test shows nothing");
        Assert.Equal(log.Log.Head, rebuilt.Store.Checkpoint.Since);
        Assert.Equal(log.Log.Head, indexer.Since);
        Assert.Equal(log.Faulty, indexer.Skipped);
        Assert.Equal(log.Faulty, rebuilt.Store.Checkpoint.Skipped);
    }

    [Fact]
    public void Rows_restarted_at_random_steps_equal_rebuilt_rows()
    {
        using HostileLog log = new(output);
        using StoreFolder restarted = new(View), rebuilt = new(View);
        while (restarted.Store.Checkpoint.Since < log.Log.Head)
        {
            log.Grow(new ViewIndexer(View, restarted.Store), log.SomeOffset());
            restarted.Reopen();
        }
        rebuilt.Rebuild(log.Log, log.Boxes);

        Assert.Equal(rebuilt.Digest(), restarted.Digest());
        Assert.Equal(log.Faulty, restarted.Store.Checkpoint.Skipped);
    }

    [Fact]
    public void Rows_rebuilt_half_way_and_then_grown_equal_rebuilt_rows()
    {
        using HostileLog log = new(output, appendLater: true);
        using StoreFolder half = new(View), rebuilt = new(View);
        half.Rebuild(log.Log, log.Boxes);
        log.AppendRest();
        log.Grow(new ViewIndexer(View, half.Store), log.Log.Head);
        rebuilt.Rebuild(log.Log, log.Boxes);

        Assert.Equal(rebuilt.Digest(), half.Digest());
    }

    [Fact]
    public void An_Apply_that_throws_stops_before_its_record_and_goes_on_after_a_restart()
    {
        using HostileLog log = new(output);
        using StoreFolder faulted = new(View), rebuilt = new(View);
        Offset at = log.SomeMessage();
        FailingView failing = new(View, at);

        ViewApplyException error = Assert.Throws<ViewApplyException>(
            () => log.Grow(new ViewIndexer(failing, faulted.Store), log.Log.Head));
        Assert.Equal(at, error.Offset);
        Assert.True(faulted.Store.Checkpoint.Since < at);

        faulted.Reopen();
        log.Grow(new ViewIndexer(View, faulted.Store), log.Log.Head);
        rebuilt.Rebuild(log.Log, log.Boxes);
        Assert.Equal(rebuilt.Digest(), faulted.Digest());
    }

    [Fact]
    public void A_rebuild_in_which_Apply_throws_fails_for_that_view_alone()
    {
        using HostileLog log = new(output);
        using StoreFolder failed = new(View), rebuilt = new(View), alone = new(View);
        BulkResult result = StoreFolder.Rebuild(log.Log, log.Boxes,
            (new FailingView(View, log.SomeMessage()), failed), (View, rebuilt));
        alone.Rebuild(log.Log, log.Boxes);

        Assert.NotNull(result.Views[0].Failure);
        Assert.Null(result.Views[1].Failure);
        Assert.Equal(alone.Digest(), rebuilt.Digest());
    }
}
