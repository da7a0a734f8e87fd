using Flume.Log;
using Xunit;

namespace Flume.Actors.Tests.Views;

public sealed class FailureTrackerTests
{
    private readonly FailureTracker _ledger = new(3);

    [Fact]
    public void As_many_tries_at_one_place_as_allowed_make_a_fault()
    {
        Fail(5);
        Fail(5);
        Assert.False(_ledger.IsFaulted);
        Fail(5);
        Assert.True(_ledger.IsFaulted);
        Assert.Equal(3, _ledger.Restarts);
    }

    [Fact]
    public void Progress_starts_the_count_anew()
    {
        Fail(5);
        Fail(5);
        _ledger.Reached(new Offset(6));
        Fail(6);
        Fail(6);
        Assert.False(_ledger.IsFaulted);
    }

    [Fact]
    public void Coming_back_to_the_place_of_the_error_is_no_progress()
    {
        Fail(5);
        _ledger.Reached(new Offset(5));
        Fail(5);
        Fail(5);
        Assert.True(_ledger.IsFaulted);
    }

    [Fact]
    public void An_error_at_an_earlier_place_counts_too_or_a_rebuild_that_fails_would_go_on_for_ever()
    {
        Fail(5);
        Fail(-1);
        Fail(-1);
        Assert.True(_ledger.IsFaulted);
    }

    [Fact]
    public void Damage_needs_one_try_only()
    {
        _ledger.FailedForGood(new Offset(5), "damaged");
        Assert.True(_ledger.IsFaulted);
    }

    [Fact]
    public void Forgiving_gives_all_tries_back_and_keeps_the_error_to_be_shown()
    {
        _ledger.FailedForGood(new Offset(5), "damaged");
        _ledger.ResetFailures();
        Assert.False(_ledger.IsFaulted);
        Assert.Equal("damaged", _ledger.Last!.Error);
        Fail(5);
        Fail(5);
        Assert.False(_ledger.IsFaulted);
        Fail(5);
        Assert.True(_ledger.IsFaulted);
    }

    [Fact]
    public void A_note_is_shown_and_is_no_try()
    {
        for (int i = 0; i < 5; i++) _ledger.Noted(new Offset(5), "the rebuild failed");
        Assert.False(_ledger.IsFaulted);
        Assert.Equal(0, _ledger.Restarts);
    }

    private void Fail(long since) => _ledger.Failed(new Offset(since), "bug");
}
