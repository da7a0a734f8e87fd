using Flume.Log;
using Flume.Ssb.Messages;
using Flume.TestKit;

namespace Flume.Sql.Tests;

/// <summary>
/// The queries of ssb-flumeview-sql's README, examples and tests on the sample log, as knex prints them. The answers were
/// counted by other programs: from the log's JSON, and from the boxes that ssb-keys opens.
/// </summary>
public sealed class SampleLogTests : IDisposable
{
    private const string Mine = "from `messages_raw` inner join `authors` on `messages_raw`.`author_id` = `authors`.`id` where `authors`.`is_me` = 1";
    private const string MostLiked = "%hz8OTS15CSNzRuxQf3xkkHlkZRzx7AMM9mZypVkgD1Q=.sha256";

    private readonly SqlFixture _given = new(Records(), SecretFile.Read(Vectors.Secret));
    private readonly AskedFile[] _files;

    public SampleLogTests() => _files = [.. Enum.GetValues<SqlLayout>().Select(layout => new AskedFile(_given, new SqlOptions(layout)))];

    [Theory]
    [InlineData("select count(*) " + Mine, "118")]
    [InlineData("select count(*) from (select `content`, `author` " + Mine + " order by `flume_seq` desc limit 20 offset 100)", "18")]
    [InlineData("select count(`author`) from `contacts_raw` inner join `authors` on `contacts_raw`.`author_id` = `authors`.`id` where `is_me` = 1 and `state` = 1", "4")]
    [InlineData("select count(`author`) from `contacts_raw` inner join `authors` on `contacts_raw`.`author_id` = `authors`.`id` where `is_me` = 1 and `state` = -1", "2")]
    [InlineData("select `state`, count(*) from `contacts_raw` group by `state`", "-1|11\n0|5\n1|64")]
    [InlineData("select count(`mentions_raw`.`id`) from `mentions_raw` inner join `authors` on `link_to_author_id` = `authors`.`id` inner join `messages_raw` on `link_from_key_id` = `messages_raw`.`key_id` where `is_me` = 1", "36")]
    [InlineData("select count(`mentions_raw`.`id`) from `mentions_raw` inner join `authors` on `link_to_author_id` = `authors`.`id` inner join `messages_raw` on `link_from_key_id` = `messages_raw`.`key_id` where `is_me` = 1 and `flume_seq` > 400000", "20")]
    [InlineData("select count(*) from `mentions`", "247")]
    [InlineData("select count(`content`) from `abouts_raw` inner join `authors` on `link_to_author_id` = `authors`.`id` inner join `messages_raw` on `link_from_key_id` = `messages_raw`.`key_id` where `is_me` = 1", "3")]
    [InlineData("select count(*) from `links` inner join `messages_raw` on `messages_raw`.`key_id` = `links`.`link_from_key_id` where `links`.`link_to_key` = '" + MostLiked + "' and `content_type` = 'vote'", "0")]
    [InlineData("select count(*) from `votes_raw` inner join `keys` on `keys`.`id` = `link_to_key_id` where `key` = '" + MostLiked + "'", "29")]
    [InlineData("select count(*) from `votes_raw`", "371")]
    [InlineData("select count(*) from `messages` where `content_type` = 'post'", "294")]
    [InlineData("select count(*) from `messages` where not `content_type` = 'post'", "628")]
    [InlineData("select count(*) from `messages` where `is_decrypted` = 1", "43")]
    [InlineData("select count(*) from `messages` where not `is_decrypted` = 1", "957")]
    [InlineData("select count(*) from `branches_raw`", "163")]
    [InlineData("select `flume_seq` from `messages_raw` inner join `keys` on `messages_raw`.`key_id` = `keys`.`id` where `key` = '" + MostLiked + "'", "0")]
    [InlineData("select max(`flume_seq`) from `messages_raw`", "853794")]
    [InlineData("select count(*) from `authors` where `id` in (select `author_id` from `messages_raw`)", "50")]
    public void A_query_has_the_answer_that_other_programs_count(string sql, string expected)
    {
        foreach (AskedFile file in _files) Assert.Equal(expected, file.Ask(sql));
    }

    [Fact]
    public void The_newest_contents_are_those_of_the_log()
    {
        const string sql = "select `content` from `messages_raw` inner join `authors` on `messages_raw`.`author_id` = `authors`.`id` order by `flume_seq` desc limit 20";
        foreach (AskedFile file in _files)
        {
            string[] rows = file.Ask(sql).Split('\n');
            Assert.Equal(20, rows.Length);
            Assert.StartsWith("{\"type\":\"post\",\"text\":\"LATESTMSG Quis aliqua officia", rows[0]);
        }
    }

    public void Dispose()
    {
        foreach (AskedFile file in _files) file.Dispose();
        _given.Dispose();
    }

    private static List<byte[]> Records()
    {
        using OffsetLog sample = OffsetLog.Open(Vectors.Log, new LogOptions { ReadOnly = true });
        List<byte[]> records = [];
        LogCursor cursor = sample.Read(LogRange.All);
        while (cursor.MoveNext()) records.Add(cursor.Current.Payload.ToArray());
        return records;
    }
}
