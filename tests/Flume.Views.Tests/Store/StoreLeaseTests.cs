using Flume.Views.Store;
using Xunit;

namespace Flume.Views.Tests.Store;

/// <summary>The owner and the readers keep a store open.</summary>
public sealed class StoreLeaseTests
{
    private int _closed;

    private StoreLease NewLease() => new(() => _closed++);

    [Fact]
    public void The_owner_alone_closes_by_leaving_and_only_once()
    {
        StoreLease lease = NewLease();
        lease.LeaveAsOwner();
        lease.LeaveAsOwner();
        Assert.Equal(1, _closed);
    }

    [Fact]
    public void Nobody_joins_after_the_owner_has_left()
    {
        StoreLease lease = NewLease();
        Assert.True(lease.TryJoin());
        lease.LeaveAsOwner();
        Assert.False(lease.TryJoin());
        Assert.Equal(0, _closed);
        lease.JoinAsHolder();
        lease.Leave();
        Assert.Equal(0, _closed);
        lease.Leave();
        Assert.Equal(1, _closed);
    }

    [Fact]
    public void Many_threads_that_come_and_go_close_it_once()
    {
        StoreLease lease = NewLease();
        Parallel.For(0, 8, worker =>
        {
            for (int i = 0; i < 2000; i++)
            {
                if (worker == 0 && i == 1000) lease.LeaveAsOwner();
                if (lease.TryJoin()) lease.Leave();
            }
        });
        Assert.Equal(1, _closed);
    }
}
