using Flume.Log;
using Flume.Sql.Asking;
using Flume.Sql.Native;
using Flume.Ssb.Api;
using Flume.TestKit;

namespace Flume.Sql.Tests;

/// <summary>The SQL view as a view of the engine: followed, rebuilt, promoted, paused, restarted.</summary>
public class EngineTests
{
    [Fact]
    public async Task A_statement_sees_what_was_appended_before_it()
    {
        await using SqlRig rig = await SqlRig.StartedAsync();
        await rig.AppendAsync([Post("%a", "first")]);
        Assert.Equal("""{"key":"%a"}""", await rig.AskAsync("SELECT key FROM messages"));
        await rig.AppendAsync([Post("%b", "second")]);
        Assert.Equal("""{"n":2}""", await rig.AskAsync("SELECT count(*) AS n FROM messages"));
    }

    [Theory]
    [InlineData(SqlLayout.Keyed, true)]
    [InlineData(SqlLayout.Bare, false)]
    public Task Followed_restarted_and_rebuilt_rows_are_equal(SqlLayout layout, bool fullText) => TestSeed.RunAsync(2, async random =>
    {
        await using SqlRig rig = await SqlRig.StartedAsync(new SqlOptions(layout, fullText));
        List<string> records = OddLogs.Make(random, 600);
        for (int i = 0; i < 600; i += 100)
        {
            await rig.AppendAsync(records.Skip(i).Take(100));
            if (random.Next(3) == 0) await rig.RestartAsync();
        }

        await rig.LiveAsync();
        rig.RequireRebuiltEqual();
        string before = SqlFixture.Dump(rig.Link);
        await rig.Alice.RebuildAsync(ViewSelection.One("sql"));
        await rig.LiveAsync();
        Assert.Equal(before, SqlFixture.Dump(rig.Link));
    });

    [Fact]
    public async Task A_reader_keeps_its_snapshot_across_a_promotion_and_the_old_file_goes_with_it()
    {
        await using SqlRig rig = await SqlRig.StartedAsync();
        await rig.AppendAsync(OddLogs.Make(new Random(5), 300));
        await rig.LiveAsync();
        string old = Path.Combine(rig.ViewFolder, new FileInfo(rig.Link).LinkTarget!);
        using SqlConnection other = SqlConnection.OpenToRead(rig.Link);
        other.Run("BEGIN");
        long? before = other.Number("SELECT count(*) FROM messages_raw");
        ViewRead read = await rig.Alice.ReadAsync("sql", ReadFreshness.Fresh);

        await rig.Alice.RebuildAsync(ViewSelection.One("sql"));
        await rig.LiveAsync();
        await rig.AppendAsync([Post("%new", "x")]);
        await rig.LiveAsync();

        Assert.NotEqual(old, Path.Combine(rig.ViewFolder, new FileInfo(rig.Link).LinkTarget!));
        Assert.True(File.Exists(old));
        using (SqlQuery query = ((SqlReader)read.Rows).Query(new SqlRequest("SELECT count(*) FROM messages_raw"), new SqlLimits()))
        {
            Assert.True(query.Step());
            Assert.Equal((double)before!, query.Value(0).AsNumber);
        }

        read.Dispose();
        Assert.False(File.Exists(old));
        Assert.Equal(before, other.Number("SELECT count(*) FROM messages_raw"));
        Assert.Equal($$"""{"n":{{before + 1}}}""", await rig.AskAsync("SELECT count(*) AS n FROM messages_raw"));
    }

    [Fact]
    public async Task A_paused_view_answers_what_it_has_and_goes_on_when_it_is_resumed()
    {
        await using SqlRig rig = await SqlRig.StartedAsync();
        await rig.AppendAsync([Post("%a", "x")]);
        await rig.LiveAsync();
        await rig.Alice.PauseAsync(ViewSelection.One("sql"), "a test");
        await rig.AppendAsync([Post("%b", "y")]);
        Assert.Equal(ViewState.Paused, (await rig.UntilAsync(_ => true)).State);
        using (ViewRead read = await rig.Alice.ReadAsync("sql", ReadFreshness.NoWait)) Assert.True(read.Since < rig.Alice.Log.Head);
        await rig.Alice.ResumeAsync(ViewSelection.One("sql"));
        Assert.Equal("""{"n":2}""", await rig.AskAsync("SELECT count(*) AS n FROM messages"));
    }

    [Fact]
    public async Task A_log_that_grew_by_much_is_built_whole_instead_of_followed()
    {
        await using SqlRig rig = await SqlRig.StartedAsync();
        string text = new('x', 8000);
        await rig.AppendAsync(Enumerable.Range(0, 100).Select(i => Post($"%a{i}", text)));
        await rig.LiveAsync();
        await rig.Alice.PauseAsync(ViewSelection.One("sql"), "a test");
        await rig.AppendAsync(Enumerable.Range(0, 900).Select(i => Post($"%b{i}", text)));
        string before = new FileInfo(rig.Link).LinkTarget!;
        await rig.Alice.ResumeAsync(ViewSelection.One("sql"));
        await rig.LiveAsync();
        Assert.NotEqual(before, new FileInfo(rig.Link).LinkTarget);
        rig.RequireRebuiltEqual();
    }

    [Fact]
    public async Task A_view_far_behind_but_not_too_far_follows_in_large_steps()
    {
        await using SqlRig rig = await SqlRig.StartedAsync();
        string text = new('x', 16_000);
        await rig.AppendAsync(Enumerable.Range(0, 1600).Select(i => Post($"%a{i}", text)));
        await rig.LiveAsync();
        await rig.Alice.PauseAsync(ViewSelection.One("sql"), "a test");
        List<string> odd = OddLogs.Make(new Random(21), 3000);
        string padding = new('y', 1500);
        await rig.AppendAsync(odd.Select(record => record.Replace("hello", "hello " + padding)).Concat(
            Enumerable.Range(0, 250).Select(i => Post($"%b{i}", text))));
        string before = new FileInfo(rig.Link).LinkTarget!;
        await rig.Alice.ResumeAsync(ViewSelection.One("sql"));
        ViewStatus live = await rig.LiveAsync();
        Assert.Equal(rig.Alice.Log.Head, live.Since);
        Assert.Equal(before, new FileInfo(rig.Link).LinkTarget);
        rig.RequireRebuiltEqual();
    }

    [Fact]
    public async Task Only_the_identities_that_are_named_keep_the_view()
    {
        await using var rig = new SqlRig { Identities = ["bob"] };
        await rig.StartAsync();
        Assert.DoesNotContain(await rig.Alice.StatusAsync(), view => view.Name == "sql");
        IIdentity bob = await rig.Engine.CreateAsync("bob");
        Assert.Contains(await bob.StatusAsync(), view => view.Name == "sql");
    }

    [Theory]
    [InlineData(SqlLayout.Keyed, true)]
    [InlineData(SqlLayout.Text, false)]
    [InlineData(SqlLayout.Bare, true)]
    public async Task A_deleted_message_leaves_every_file_of_the_view(SqlLayout layout, bool fullText)
    {
        await using SqlRig rig = await SqlRig.StartedAsync(new SqlOptions(layout, fullText));
        const string word = "zebrastreifen";
        await rig.AppendAsync([Post("%a", "kept"), Vote("%a", "@v", 1)]);
        Offset post = await rig.AppendAsync([Post($"%{word}1", word)]);
        Offset about = await rig.AppendAsync(
            [Message("%x", "@" + word, $$"""{"type":"about","about":"@me","name":"{{word}}","image":{"link":"&{{word}}"} }""")]);
        Offset vote = await rig.AppendAsync([Vote("%a", "@v", 0, "%unvote")]);
        await rig.LiveAsync();
        Assert.Equal("", await rig.AskAsync("SELECT * FROM votes_raw"));

        foreach (Offset offset in (Offset[])[post, about, vote])
        {
            await rig.Alice.DeleteAsync(offset);
            await rig.LiveAsync();
        }

        Assert.Equal("""{"n":1}""", await rig.AskAsync("SELECT count(*) AS n FROM votes_raw"));
        rig.RequireRebuiltEqual();
        foreach (string file in Directory.GetFiles(rig.ViewFolder))
            Assert.DoesNotContain(word, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
    }

    [Fact]
    public async Task An_identity_of_any_records_has_them_as_json()
    {
        await using SqlRig rig = await SqlRig.StartedAsync();
        await rig.AppendAsync(["""{"kind":"order","n":2}""", """{"kind":"order","n":5}"""]);
        Assert.Equal("""{"sum":7}""", await rig.AskAsync("SELECT sum(json_extract(record, '$.n')) AS sum FROM records"));
    }

    internal static string Post(string key, string text) =>
        Message(key, "@p", $$"""{"type":"post","text":"{{text}}"}""");

    internal static string Vote(string on, string author, int value, string key = "%vote") =>
        Message(key, author, $$"""{"type":"vote","vote":{"link":"{{on}}","value":{{value}} } }""");

    private static string Message(string key, string author, string content) =>
        $$"""{"key":"{{key}}","value":{"author":"{{author}}","content":{{content}} },"timestamp":1}""";
}
