using Flume.Log;
using Flume.Views.Store;
using Xunit;

namespace Flume.Views.Tests.Store;

/// <summary>Digests are equal only for equal rows.</summary>
public sealed class StoreDumpTests
{
    private static StoreDigest Digest(params Action<ViewBatch>[] commits)
    {
        using IViewReader reader = Store(commits).OpenReader();
        return StoreDump.Digest(reader);
    }

    private static MemoryViewStore Store(params Action<ViewBatch>[] commits)
    {
        var store = new MemoryViewStore();
        long since = 0;
        foreach (Action<ViewBatch> fill in commits)
        {
            ViewBatch batch = store.NewBatch();
            batch.Offset = ++since;
            fill(batch);
            store.Commit(batch, Checkpoint.At(1, new Offset(since)));
        }

        return store;
    }

    [Fact]
    public void The_order_in_which_rows_came_does_not_matter()
    {
        StoreDigest one = Digest(batch =>
        {
            batch.Post(1, 2, 3);
            batch.Post(0, 9, 9);
            batch.Put("a"u8, "1"u8);
            batch.Put("b"u8, "2"u8);
        });
        StoreDigest other = Digest(batch =>
        {
            batch.Put("b"u8, "0"u8);
            batch.Put("b"u8, "2"u8);
            batch.Put("a"u8, "1"u8);
            batch.Post(0, 9, 9);
            batch.Post(1, 2, 3);
            batch.Post(1, 2, 3);
        });
        Assert.Equal(one, other);
        Assert.Equal((2, 2), (one.Postings, one.Rows));
    }

    [Fact]
    public void Any_difference_shows()
    {
        StoreDigest[] digests =
        [
            Digest(batch => batch.Post(1, 2, 3)), Digest(batch => batch.Post(2, 2, 3)),
            Digest(batch => batch.Post(1, 3, 3)), Digest(batch => batch.Post(1, 2, 4)),
            Digest(_ => { }, batch => batch.Post(1, 2, 3)), Digest(batch => batch.Put("ab"u8, "c"u8)),
            Digest(batch => batch.Put("a"u8, "bc"u8)), Digest(_ => { }),
        ];
        Assert.Equal(digests.Length, digests.Select(digest => digest.Hash).Distinct().Count());
    }

    [Fact]
    public void The_lines_name_every_row()
    {
        using IViewReader reader = Store(batch =>
        {
            batch.Post(3, 255, 16);
            batch.Put("a"u8, "b"u8);
        }).OpenReader();
        var lines = new StringWriter { NewLine = "\n" };
        StoreDump.Write(reader, lines);
        Assert.Equal("3 00000000000000ff 0000000000000010 1\n61 = 62\n", lines.ToString());
    }
}
