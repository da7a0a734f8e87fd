using Flume.Log;
using Flume.TestKit;

namespace Flume.Sql.Tests;

/// <summary>The tables hold what a second, plain derivation of the log holds.</summary>
public class ContentsTests
{
    [Fact]
    public void Tables_of_random_odd_logs_equal_a_plain_fold() => TestSeed.Run(20, random =>
    {
        using var given = new SqlFixture(OddLogs.Make(random, 400));
        RequireEqual(given, given.Build(new SqlOptions()));
    });

    [Fact]
    public void Tables_of_the_sample_log_equal_a_plain_fold()
    {
        using OffsetLog sample = OffsetLog.Open(Vectors.Log, new LogOptions { ReadOnly = true });
        List<byte[]> records = [];
        LogCursor cursor = sample.Read(LogRange.All);
        while (cursor.MoveNext()) records.Add(cursor.Current.Payload.ToArray());
        using var given = new SqlFixture(records);
        RequireEqual(given, given.Build(new SqlOptions()));
    }

    [Theory]
    [InlineData(SqlLayout.Keyed, false)]
    [InlineData(SqlLayout.Keyed, true)]
    [InlineData(SqlLayout.Text, false)]
    [InlineData(SqlLayout.Bare, true)]
    public void A_file_built_whole_equals_one_that_followed_in_steps_and_one_that_was_reopened(SqlLayout layout, bool fullText) =>
        TestSeed.Run(4, random =>
        {
            using var given = new SqlFixture(OddLogs.Make(random, 250));
            var options = new SqlOptions(layout, fullText);
            string built = SqlFixture.Dump(given.Build(options));
            foreach (int step in (int[])[1, 10, 1000]) Assert.Equal(built, SqlFixture.Dump(given.Follow(options, step)));
            Assert.Equal(built, SqlFixture.Dump(given.Follow(options, 7, () => random.Next(3) == 0)));
        });

    [Fact]
    public void A_built_file_that_follows_on_equals_one_built_later() => TestSeed.Run(4, random =>
    {
        List<string> records = OddLogs.Make(random, 300);
        using var given = new SqlFixture(records.Take(180));
        string path = given.Build(new SqlOptions(FullText: true));
        foreach (string record in records.Skip(180)) given.Log.Append(System.Text.Encoding.UTF8.GetBytes(record), Durability.Memory);
        using (var store = new Store.SqlViewStore(path, new SqlOptions(FullText: true), given.Place()))
        {
            while (given.Step(store, 13))
            {
            }
        }

        Assert.Equal(SqlFixture.Dump(given.Build(new SqlOptions(FullText: true))), SqlFixture.Dump(path));
    });

    private static void RequireEqual(SqlFixture given, string path)
    {
        var fold = new PlainFold(given.Log);
        Same(fold.Messages, "SELECT flume_seq, keys.key, author, content_type, roots.key, forks.key, content FROM x");
        Same(fold.Links, "SELECT link_from_key, link_to_key FROM links");
        Same(fold.Mentions, "SELECT link_from, link_to FROM mentions");
        Same(fold.BlobLinks, "SELECT link_from_key, link_to_blob FROM blob_links");
        Same(fold.Branches, "SELECT f.key, t.key FROM branches_raw JOIN keys f ON f.id = link_from_key_id JOIN keys t ON t.id = link_to_key_id");
        Same(fold.Abouts, "SELECT link_from_key, link_to_author, link_to_key FROM abouts");
        Same(fold.Votes, "SELECT author, key FROM votes_raw JOIN authors ON authors.id = link_from_author_id JOIN keys ON keys.id = link_to_key_id");
        Same(fold.Contacts, "SELECT a.author, c.author, state FROM contacts_raw JOIN authors a ON a.id = author_id JOIN authors c ON c.id = contact_author_id");

        void Same(string expected, string sql)
        {
            sql = sql.Replace(
                "FROM x", "FROM messages_raw JOIN keys ON keys.id = key_id LEFT JOIN authors ON authors.id = author_id "
                + "LEFT JOIN keys roots ON roots.id = root_id LEFT JOIN keys forks ON forks.id = fork_id");
            string[] rows = SqlFixture.Rows(path, sql).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(expected, PlainFold.Lines(rows));
        }
    }
}
