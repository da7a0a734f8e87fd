using Flume.Log;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Views.Tests.Store;

/// <summary>The contract of every view store.</summary>
public abstract class ViewStoreContract
{
    /// <summary>A fresh, empty store for one test.</summary>
    protected abstract IViewStore NewStore();

    private static void Commit(IViewStore store, long since, Action<ViewBatch> fill, int version = 1)
    {
        ViewBatch batch = store.NewBatch();
        batch.Offset = since;
        fill(batch);
        store.Commit(batch, Checkpoint.At(version, new Offset(since)));
    }

    private static List<Posting> Read(IViewReader reader, byte index, PostingRange range, bool reverse = false)
    {
        using PostingCursor cursor = reader.Read(index, range, reverse);
        var found = new List<Posting>();
        while (cursor.MoveNext()) found.Add(cursor.Current);
        Assert.False(cursor.MoveNext());
        return found;
    }

    [Fact]
    public void A_fresh_store_is_empty_and_reflects_nothing()
    {
        using IViewStore store = NewStore();
        Assert.Equal(Checkpoint.Empty, store.Checkpoint);
        using IViewReader reader = store.OpenReader();
        Assert.Equal(Checkpoint.Empty, reader.Checkpoint);
        Assert.Empty(Read(reader, 1, PostingRange.All));
        Assert.Empty(Read(reader, 1, PostingRange.All, reverse: true));
        Assert.Equal(0, reader.Count(1, PostingRange.All));
        Assert.False(reader.TryGet("key"u8, out byte[] value));
        Assert.Empty(value);
        Assert.Empty(reader.Rows(default));
    }

    [Fact]
    public void A_commit_brings_postings_rows_and_checkpoint_together()
    {
        using IViewStore store = NewStore();
        ViewBatch batch = store.NewBatch();
        batch.Offset = 7;
        batch.Post(1, 10, 20);
        batch.Post(2, 11, 21);
        batch.Put("key"u8, "value"u8);
        store.Commit(batch, Checkpoint.At(3, new Offset(9), skipped: 2));

        Assert.Equal(new Checkpoint(3, new Offset(9), 0, 2, 2), store.Checkpoint);
        using IViewReader reader = store.OpenReader();
        Assert.Equal(store.Checkpoint, reader.Checkpoint);
        Assert.Equal([new Posting(10, 20, 7)], Read(reader, 1, PostingRange.All));
        Assert.Equal([new Posting(11, 21, 7)], Read(reader, 2, PostingRange.Exact(11)));
        Assert.True(reader.TryGet("key"u8, out byte[] value));
        Assert.Equal("value"u8.ToArray(), value);
    }

    [Fact]
    public void A_reader_keeps_to_its_snapshot_while_commits_go_on()
    {
        using IViewStore store = NewStore();
        Commit(store, 1, batch => Fill(batch, "old"));
        using IViewReader then = store.OpenReader();
        using PostingCursor open = then.Read(1, PostingRange.All);
        Commit(store, 2, batch => Fill(batch, "new"));

        Assert.Equal(new Offset(1), then.Checkpoint.Since);
        Assert.True(open.MoveNext());
        Assert.Equal(1, open.Current.Offset);
        Assert.False(open.MoveNext());
        Assert.Equal(1, then.Count(1, PostingRange.All));
        Assert.True(then.TryGet("key"u8, out byte[] value));
        Assert.Equal("old"u8.ToArray(), value);
        using IViewReader now = store.OpenReader();
        Assert.Equal(2, now.Count(1, PostingRange.All));

        static void Fill(ViewBatch batch, string value)
        {
            batch.Post(1, 5, 5);
            batch.Put("key"u8, System.Text.Encoding.UTF8.GetBytes(value));
        }
    }

    [Fact]
    public void A_posting_given_twice_is_one_posting()
    {
        using IViewStore store = NewStore();
        Commit(store, 4, batch =>
        {
            batch.Post(1, 2, 3);
            batch.Post(1, 2, 3);
        });
        Assert.Equal(1, store.Checkpoint.OverlayPostings);
        using IViewReader reader = store.OpenReader();
        Assert.Equal(1, reader.Count(1, PostingRange.All));
    }

    [Fact]
    public void Of_several_writes_to_a_key_the_last_stays_and_a_removal_removes()
    {
        using IViewStore store = NewStore();
        Commit(store, 1, batch =>
        {
            batch.Put("a"u8, "1"u8);
            batch.Put("a"u8, "2"u8);
            batch.Put("b"u8, "1"u8);
            batch.Remove("b"u8);
            batch.Remove("never there"u8);
            batch.Put(default, default);
        });
        using IViewReader reader = store.OpenReader();
        Assert.Equal([("", ""), ("a", "2")], Rows(reader, ""));
        Commit(store, 2, batch => batch.Remove("a"u8));
        using IViewReader later = store.OpenReader();
        Assert.Equal([("", "")], Rows(later, ""));
    }

    [Fact]
    public void Rows_of_a_prefix_come_by_key_bytes()
    {
        using IViewStore store = NewStore();
        Commit(store, 1, batch =>
        {
            foreach (string key in new[] { "b", "ab", "a", "ac", "\u00ff", "abc" })
                batch.Put(System.Text.Encoding.UTF8.GetBytes(key), "v"u8);
        });
        using IViewReader reader = store.OpenReader();
        Assert.Equal([("ab", "v"), ("abc", "v")], Rows(reader, "ab"));
        Assert.Equal(6, Rows(reader, "").Count);
        Assert.Empty(Rows(reader, "zz"));
    }

    private static List<(string Key, string Value)> Rows(IViewReader reader, string prefix) => reader
        .Rows(System.Text.Encoding.UTF8.GetBytes(prefix))
        .Select(row => (System.Text.Encoding.UTF8.GetString(row.Key), System.Text.Encoding.UTF8.GetString(row.Value)))
        .ToList();

    [Fact]
    public void Rows_of_a_record_that_failed_are_dropped_to_its_mark()
    {
        using IViewStore store = NewStore();
        Commit(store, 3, batch =>
        {
            batch.Post(1, 1, 1);
            batch.Put("kept"u8, "1"u8);
            BatchMark mark = batch.Mark();
            batch.Post(1, 2, 2);
            batch.Put("dropped"u8, "1"u8);
            batch.Remove("kept"u8);
            batch.RollbackTo(mark);
            Assert.Equal(2, batch.Count);
            batch.Post(1, 3, 3);
        });
        using IViewReader reader = store.OpenReader();
        Assert.Equal([new(1, 1, 3), new(3, 3, 3)], Read(reader, 1, PostingRange.All));
        Assert.Equal([("kept", "1")], Rows(reader, ""));
    }

    [Fact]
    public void A_batch_can_be_used_again_once_cleared()
    {
        using IViewStore store = NewStore();
        ViewBatch batch = store.NewBatch();
        batch.Offset = 1;
        batch.Post(1, 1, 1);
        batch.Put("a"u8, "1"u8);
        Assert.True(batch.Bytes > 0);
        store.Commit(batch, Checkpoint.At(1, new Offset(1)));
        batch.Clear();
        Assert.Equal(0, batch.Count);
        Assert.Equal(0, batch.Bytes);
        batch.Offset = 2;
        batch.Post(1, 2, 2);
        store.Commit(batch, Checkpoint.At(1, new Offset(2)));
        using IViewReader reader = store.OpenReader();
        Assert.Equal([new(1, 1, 1), new(2, 2, 2)], Read(reader, 1, PostingRange.All));
    }

    [Fact]
    public void A_step_back_another_version_or_an_offset_out_of_step_is_refused_whole()
    {
        using IViewStore store = NewStore();
        Commit(store, 10, batch => batch.Post(1, 1, 1));
        Checkpoint before = store.Checkpoint;
        Assert.Throws<ArgumentException>(() => Commit(store, 9, _ => { }));
        Assert.Throws<ArgumentException>(() => Commit(store, 11, _ => { }, version: 2));
        Assert.Throws<ArgumentException>(() => Commit(store, 11, batch => PostAt(batch, 10)));
        Assert.Throws<ArgumentException>(() => Commit(store, 11, batch => PostAt(batch, 12)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Commit(store, 11, batch => PostAt(batch, -1)));
        Assert.Equal(before, store.Checkpoint);
        using IViewReader reader = store.OpenReader();
        Assert.Equal(1, reader.Count(1, PostingRange.All));

        static void PostAt(ViewBatch batch, long offset)
        {
            batch.Put("x"u8, "y"u8);
            batch.Offset = offset;
            batch.Post(1, 9, 9);
        }
    }

    [Fact]
    public void Extremes_of_every_field_are_kept_and_found()
    {
        using IViewStore store = NewStore();
        Posting[] all =
        [
            new(0, 0, 0), new(0, ulong.MaxValue, 5), new(ulong.MaxValue, 0, 6),
            new(ulong.MaxValue, ulong.MaxValue, Offset.Max),
        ];
        ViewBatch batch = store.NewBatch();
        foreach (byte index in new byte[] { 0, 255 })
            foreach (Posting posting in all)
            {
                batch.Offset = posting.Offset;
                batch.Post(index, posting.A, posting.B);
            }

        store.Commit(batch, Checkpoint.At(1, new Offset(Offset.Max)));
        using IViewReader reader = store.OpenReader();
        foreach (byte index in new byte[] { 0, 255 })
        {
            Assert.Equal(all, Read(reader, index, PostingRange.All));
            Assert.Equal(all.Reverse(), Read(reader, index, PostingRange.All, reverse: true));
            Assert.Equal([all[3]], Read(reader, index, PostingRange.Exact(ulong.MaxValue, ulong.MaxValue)));
        }

        Assert.Empty(Read(reader, 128, PostingRange.All));
        Assert.Empty(Read(reader, 128, PostingRange.All, reverse: true));
    }

    [Fact]
    public void A_store_may_be_disposed_while_a_reader_still_reads()
    {
        IViewStore store = NewStore();
        Commit(store, 1, batch => batch.Post(1, 1, 1));
        IViewReader reader = store.OpenReader();
        store.Dispose();
        store.Dispose();
        PostingCursor cursor = reader.Read(1, PostingRange.All);
        reader.Dispose();
        reader.Dispose();
        Assert.True(cursor.MoveNext());
        cursor.Dispose();
        cursor.Dispose();
    }

    [Fact]
    public void Random_commits_read_like_sorted_sets() => TestSeed.Run(1, random =>
    {
        using IViewStore store = NewStore();
        var model = new PostingModel();
        var postings = new RandomPostings(random);
        long since = 0;
        for (int commit = 0; commit < 12; commit++)
        {
            ViewBatch batch = store.NewBatch();
            for (int record = 0; record < random.Next(0, 120); record++)
            {
                batch.Offset = since += random.Next(1, 900);
                foreach ((byte index, Posting posting) in postings.OfRecord(since))
                {
                    batch.Post(index, posting.A, posting.B);
                    model.Add(index, posting);
                }
            }

            store.Commit(batch, Checkpoint.At(1, new Offset(since)));
        }

        using IViewReader reader = store.OpenReader();
        new ReaderChecks(model, reader, random).AssertReadsLike();
    });
}
