using Flume.Log;
using Flume.Sql.Native;
using Flume.Sql.Store;
using Flume.Ssb.Api;
using Flume.Views.Store;
using static Flume.Sql.Tests.EngineTests;

namespace Flume.Sql.Tests;

/// <summary>A file that is not whole, or not of this log, is noticed and built anew by itself.</summary>
public class DamageTests
{
    [Theory]
    [InlineData("header")]
    [InlineData("cut")]
    [InlineData("no checkpoint")]
    [InlineData("link to nothing")]
    [InlineData("behind its rows")]
    [InlineData("another log")]
    public async Task A_damaged_file_is_rebuilt_at_the_start(string kind)
    {
        await using SqlRig rig = await Filled();
        await rig.RestartAsync(() => Damage(rig, kind));
        await rig.LiveAsync();
        rig.RequireRebuiltEqual();
    }

    [Fact]
    public async Task A_damaged_page_is_found_after_a_stop_that_was_none()
    {
        await using SqlRig rig = await Filled();
        await rig.RestartAsync(() =>
        {
            string path = Real(rig);
            using (FileStream file = File.OpenWrite(path))
            {
                file.Position = 8192 * 6;
                file.Write(new byte[8192 * 4]);
            }

            File.WriteAllBytes(path + "-open", []);
        });
        await rig.LiveAsync();
        rig.RequireRebuiltEqual();
        Assert.True(File.Exists(Path.Combine(rig.ViewFolder, "sql.damaged")));
    }

    [Theory]
    [InlineData(SqlLayout.Bare, false)]
    [InlineData(SqlLayout.Keyed, true)]
    public async Task Other_options_rebuild_the_file(SqlLayout layout, bool fullText)
    {
        await using SqlRig rig = await Filled();
        await rig.RestartAsync(() => rig.Options = new SqlOptions(layout, fullText));
        await rig.LiveAsync();
        rig.RequireRebuiltEqual();
    }

    [Fact]
    public async Task Another_feed_rebuilds_the_file()
    {
        await using SqlRig rig = await Filled();
        await rig.RestartAsync(() => File.Delete(Path.Combine(rig.IdentityFolder, "secret")));
        await rig.LiveAsync();
        Assert.Equal("", await rig.AskAsync("SELECT author FROM authors WHERE is_me = 1"));
    }

    [Fact]
    public async Task What_another_program_wrote_is_noticed_and_undone()
    {
        await using SqlRig rig = await Filled();
        await rig.AppendAsync([Post("%one", "x")]);
        await rig.LiveAsync();
        using (SqlConnection other = SqlConnection.OpenToWrite(Real(rig))) other.Run("DELETE FROM votes_raw; UPDATE keys SET key = key || 'x'");
        await rig.AppendAsync([Post("%two", "x")]);
        await rig.LiveAsync();
        await rig.AppendAsync([Post("%three", "x")]);
        await rig.LiveAsync();
        rig.RequireRebuiltEqual();
    }

    [Fact]
    public async Task A_folder_that_refuses_stops_this_view_alone()
    {
        await using SqlRig rig = await Filled();
        await rig.RestartAsync(() =>
        {
            Directory.Delete(rig.ViewFolder, recursive: true);
            File.WriteAllText(rig.ViewFolder, "no folder");
        });
        await rig.AppendAsync([Post("%more", "x")]);
        await rig.UntilAsync(status => status.Restarts > 0);
        await rig.UntilAsync(
            status => status.State == ViewState.Live && status.Since == status.Head, "hashmap");
        File.Delete(rig.ViewFolder);
        await rig.LiveAsync();
        rig.RequireRebuiltEqual();
    }

    [Fact]
    public void A_full_disk_leaves_rows_and_since_as_they_were_and_the_view_goes_on_when_there_is_room()
    {
        using var given = new SqlFixture(OddLogs.Make(new Random(3), 400));
        string path = given.NewPath();
        using (var store = new SqlViewStore(path, new SqlOptions(), given.Place()))
        {
            given.Step(store, 100);
            Checkpoint before = store.Checkpoint;
            long pages = store.Number("PRAGMA page_count")!.Value;
            Assert.Equal(pages, store.Number($"PRAGMA max_page_count = {pages}"));
            Assert.IsAssignableFrom<IOException>(Record(() => { while (given.Step(store, 100)) { } }));
            Assert.Equal(SqlCheckpoint.Empty(store.Options, "").Options, store.Row.Options);
            Assert.True(store.Checkpoint.Since >= before.Since);
            using (IViewReader reader = store.OpenReader()) Assert.Equal(store.Checkpoint, reader.Checkpoint);
            store.Number("PRAGMA max_page_count = 1000000");
            while (given.Step(store, 100)) { }
        }

        Assert.Equal(SqlFixture.Dump(given.Build(new SqlOptions())), SqlFixture.Dump(path));
    }

    private static Exception? Record(Action work) => Xunit.Record.Exception(work);

    private static async Task<SqlRig> Filled()
    {
        SqlRig rig = await SqlRig.StartedAsync();
        await rig.AppendAsync(OddLogs.Make(new Random(11), 400));
        await rig.LiveAsync();
        return rig;
    }

    private static string Real(SqlRig rig) => Path.Combine(rig.ViewFolder, new FileInfo(rig.Link).LinkTarget!);

    private static void Damage(SqlRig rig, string kind)
    {
        string path = Real(rig);
        switch (kind)
        {
            case "header":
                using (FileStream file = File.OpenWrite(path)) file.Write(new byte[100]);
                break;
            case "cut":
                using (FileStream file = File.OpenWrite(path)) file.SetLength(10_000);
                break;
            case "no checkpoint":
                using (SqlConnection file = SqlConnection.OpenToWrite(path)) file.Run("DELETE FROM flume_checkpoint");
                break;
            case "behind its rows":
                using (SqlConnection file = SqlConnection.OpenToWrite(path)) file.Run("UPDATE flume_checkpoint SET since = 0");
                break;
            case "link to nothing":
                File.Delete(path);
                break;
            default:
                foreach (string file in Directory.GetFiles(rig.IdentityFolder, "log.offset*")) File.Delete(file);
                using (OffsetLog log = OffsetLog.Open(Path.Combine(rig.IdentityFolder, "log.offset")))
                {
                    foreach (string record in OddLogs.Make(new Random(12), 600))
                        log.Append(System.Text.Encoding.UTF8.GetBytes(record), Durability.Os);
                }

                break;
        }
    }
}
