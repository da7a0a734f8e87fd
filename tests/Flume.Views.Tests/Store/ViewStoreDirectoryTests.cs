using Flume.Log;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Views.Tests.Store;

/// <summary>The serving store before and after a promotion, and after a crash at each of its steps.</summary>
public sealed class ViewStoreDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreResources _resources = new(new StoreLimits(BlockCacheBytes: 1 << 20));

    public void Dispose() => _folder.Dispose();

    private ViewStoreDirectory Open() => new(_folder["feeds"], "feeds", _resources);

    private string[] Names() =>
        [.. Directory.GetFileSystemEntries(_folder["feeds"]).Select(path => Path.GetFileName(path)!).Order()];

    /// <summary>Waits until another thread has closed the replaced stores.</summary>
    private static void Settle(ViewStoreDirectory directory) =>
        Assert.True(directory.Retired.Wait(TimeSpan.FromSeconds(30)), "a swapped store was not closed in time");

    private static NextStore Filled(ViewStoreDirectory directory, long since, string reason = "first start")
    {
        NextStore next = directory.CreateNext(reason);
        ViewBatch batch = next.Store.NewBatch();
        batch.Offset = since;
        batch.Post(1, 1, 1);
        next.Store.Commit(batch, Checkpoint.At(1, new Offset(since)));
        return next;
    }

    [Fact]
    public void A_new_directory_has_no_store_until_one_is_promoted()
    {
        using ViewStoreDirectory directory = Open();
        Assert.Null(directory.OpenCurrent());
        directory.Promote(Filled(directory, 5));
        Assert.Equal(new Offset(5), directory.OpenCurrent()!.Checkpoint.Since);
        Assert.Equal("first start", directory.CurrentReason);
        Assert.Equal(["CURRENT", "store-000001"], Names());
    }

    [Theory]
    [InlineData("", "@a", true)]
    [InlineData("@a", "", true)]
    [InlineData("@a", "@b", true)]
    [InlineData("@a", "@a", false)]
    [InlineData("", "", false)]
    public void Rows_that_were_decoded_with_another_key_pair_need_a_rebuild(string former, string now, bool needed)
    {
        using (ViewStoreDirectory directory = new(_folder["feeds"], "feeds", _resources, former))
            directory.Promote(Filled(directory, 5));

        using ViewStoreDirectory again = new(_folder["feeds"], "feeds", _resources, now);
        IViewStore store = again.OpenCurrent()!;
        Assert.Equal(needed, again.WhyRebuild(store, new Offset(5)) is not null);
    }

    [Theory]
    [InlineData("@a", false)]
    [InlineData("@b", true)]
    public void A_copy_of_a_store_keeps_the_key_pair_of_its_rows(string now, bool needed)
    {
        using (ViewStoreDirectory directory = new(_folder["feeds"], "feeds", _resources, "@a"))
        {
            directory.Promote(Filled(directory, 5));
            using IViewReader rows = directory.Current!.OpenReader();
            Assert.NotNull(StoreCopy.Save(rows, _folder["copy"], "feeds"));
        }

        using ViewStoreDirectory copy = new(_folder["copy"], "feeds", _resources, now);
        IViewStore store = copy.OpenCurrent()!;
        Assert.Equal(needed, copy.WhyRebuild(store, new Offset(5)) is not null);
    }

    [Fact]
    public void Rows_of_a_pointer_without_a_key_pair_are_kept()
    {
        using (ViewStoreDirectory directory = Open()) directory.Promote(Filled(directory, 5));
        File.WriteAllText(Path.Combine(_folder["feeds"], "CURRENT"), "store-000001\nfirst start\n");

        using ViewStoreDirectory again = new(_folder["feeds"], "feeds", _resources, "@a");
        Assert.Null(again.WhyRebuild(again.OpenCurrent()!, new Offset(5)));
    }

    [Fact]
    public void The_promoted_store_is_the_one_that_opens_next_time()
    {
        using (ViewStoreDirectory directory = Open())
        {
            directory.Promote(Filled(directory, 5));
            directory.Promote(Filled(directory, 6, "version changed\nfrom 1 to 2"));
        }

        using ViewStoreDirectory again = Open();
        Assert.Equal(new Offset(6), again.OpenCurrent()!.Checkpoint.Since);
        Assert.Equal("version changed from 1 to 2", again.CurrentReason);
        Assert.Equal(["CURRENT", "store-000002"], Names());
    }

    [Fact]
    public void A_swapped_store_serves_its_readers_and_goes_when_the_last_has_left()
    {
        using ViewStoreDirectory directory = Open();
        directory.Promote(Filled(directory, 5));
        IViewReader one = directory.Current!.OpenReader(), other = directory.Current.OpenReader();
        directory.Promote(Filled(directory, 6));

        Settle(directory);
        Assert.Equal(new Offset(5), one.Checkpoint.Since);
        Assert.Equal(1, one.Count(1, PostingRange.All));
        one.Dispose();
        Assert.Empty(directory.CleanOrphans());
        Assert.Equal(["CURRENT", "store-000001", "store-000002"], Names());
        other.Dispose();
        Assert.Equal(["CURRENT", "store-000002"], Names());
    }

    [Fact]
    public void A_crash_before_the_pointer_changes_leaves_the_old_store()
    {
        using (ViewStoreDirectory directory = Open())
        {
            directory.Promote(Filled(directory, 5));
            Filled(directory, 6).Store.Dispose();
        }

        File.WriteAllText(Path.Combine(_folder["feeds"], "CURRENT.new"), "store-0000");
        using ViewStoreDirectory after = Open();
        Assert.Equal(["store-000002", "CURRENT.new"], after.CleanOrphans());
        Assert.Equal(new Offset(5), after.OpenCurrent()!.Checkpoint.Since);
        Assert.Equal(["CURRENT", "store-000001"], Names());
    }

    [Fact]
    public void A_crash_after_the_pointer_changed_leaves_the_new_store()
    {
        using (ViewStoreDirectory directory = Open())
        {
            directory.Promote(Filled(directory, 5));
            IViewReader held = directory.Current!.OpenReader();
            directory.Promote(Filled(directory, 6));
            Settle(directory);
            Directory.CreateDirectory(_folder["kept"]);
            foreach (string file in Directory.GetFiles(Path.Combine(_folder["feeds"], "store-000001")))
                File.Copy(file, Path.Combine(_folder["kept"], Path.GetFileName(file)));
            held.Dispose();
        }

        Directory.Move(_folder["kept"], Path.Combine(_folder["feeds"], "store-000001"));
        using ViewStoreDirectory after = Open();
        Assert.Equal(new Offset(6), after.OpenCurrent()!.Checkpoint.Since);
        Assert.Equal(["store-000001"], after.CleanOrphans());
        Assert.Equal(["CURRENT", "store-000002"], Names());
    }

    [Fact]
    public void An_abandoned_store_is_removed_and_the_serving_one_stays()
    {
        using ViewStoreDirectory directory = Open();
        directory.Promote(Filled(directory, 5));
        directory.Abandon(Filled(directory, 6));
        Settle(directory);
        Assert.Equal(["CURRENT", "store-000001"], Names());
        Assert.Equal(new Offset(5), directory.OpenCurrent()!.Checkpoint.Since);
    }

    [Fact]
    public void A_store_that_could_not_be_promoted_is_removed_unless_the_pointer_already_names_it()
    {
        using ViewStoreDirectory directory = Open();
        Directory.CreateDirectory(Path.Combine(_folder["feeds"], "CURRENT"));
        NextStore next = Filled(directory, 5);
        Assert.ThrowsAny<Exception>(() => directory.Promote(next));
        directory.Abandon(next);
        Settle(directory);
        Assert.Null(directory.Current);
        Assert.DoesNotContain("store-000001", Names());

        Directory.Delete(Path.Combine(_folder["feeds"], "CURRENT"));
        NextStore named = Filled(directory, 6);
        File.WriteAllText(Path.Combine(_folder["feeds"], "CURRENT"), Path.GetFileName(((RocksViewStore)named.Store).Folder));
        directory.Abandon(named);
        Settle(directory);
        Assert.Equal(new Offset(6), directory.OpenCurrent()!.Checkpoint.Since);
    }

    [Fact]
    public void Cleaning_spares_the_store_that_is_being_built()
    {
        using ViewStoreDirectory directory = Open();
        NextStore next = Filled(directory, 5);
        Assert.Empty(directory.CleanOrphans());
        directory.Promote(next);
        Assert.Equal(new Offset(5), directory.Current!.Checkpoint.Since);
    }

    [Theory]
    [InlineData("")]
    [InlineData("store-000009\n")]
    [InlineData("../feeds\n")]
    public void A_pointer_to_nothing_is_damage_that_names_what_it_says(string content)
    {
        using (ViewStoreDirectory directory = Open()) directory.Promote(Filled(directory, 5));
        File.WriteAllText(Path.Combine(_folder["feeds"], "CURRENT"), content);
        using ViewStoreDirectory after = Open();
        StoreDamagedException error = Assert.Throws<StoreDamagedException>(after.OpenCurrent);
        Assert.Contains($"'{content.TrimEnd()}'", error.Message);
        after.Promote(Filled(after, 7));
        Assert.Equal(new Offset(7), after.OpenCurrent()!.Checkpoint.Since);
    }
}
