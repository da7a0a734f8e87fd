using Flume.Ssb.Messages;

namespace Flume.Sql.Tests;

/// <summary>The example queries of ssb-flumeview-sql run unchanged, with the same rows in each layout.</summary>
public sealed class ExampleQueryTests : IDisposable
{
    private static readonly FeedKeys Me = FeedKeys.FromSeed(new byte[32]);
    private readonly SqlFixture _given = new(Records(), Me);
    private readonly AskedFile[] _files;

    public ExampleQueryTests() => _files = [.. Enum.GetValues<SqlLayout>().Select(layout => new AskedFile(_given, new SqlOptions(layout)))];

    [Fact]
    public void Newest_contents() => Same(
        "select `content` from `messages_raw` inner join `authors` on `messages_raw`.`author_id` = `authors`.`id` order by `flume_seq` desc limit 2",
        """
        {"type":"contact","contact":"@carol","following":true}
        {"type":"post","text":"elsewhere","root":"%other","link":{"link":"%m1"}}
        """);

    [Fact]
    public void My_newest_contents_and_a_page_of_them()
    {
        Same(
            "select `content`, `author` from `messages_raw` inner join `authors` on `messages_raw`.`author_id` = `authors`.`id` where `authors`.`is_me` = 1 order by `flume_seq` desc limit 1",
            """{"type":"contact","contact":"@carol","following":true}|""" + Me.Id);
        Same(
            "select `content`, `author` from `messages_raw` inner join `authors` on `messages_raw`.`author_id` = `authors`.`id` where `authors`.`is_me` = 1 order by `flume_seq` desc limit 1 offset 1",
            """{"type":"contact","contact":"@bob","blocking":true}|""" + Me.Id);
    }

    [Theory]
    [InlineData(-1, "1")]
    [InlineData(1, "1")]
    public void Whom_i_block_and_follow(int state, string rows) => Same(
        $"select count(`author`) from `contacts_raw` inner join `authors` on `contacts_raw`.`author_id` = `authors`.`id` where `is_me` = 1 and `state` = {state}",
        rows);

    [Fact]
    public void Mentions_of_me_after_an_offset() => Same(
        "SELECT count(mentions_raw.id) FROM mentions_raw JOIN authors ON link_to_author_id = authors.id JOIN messages_raw ON link_from_key_id = messages_raw.key_id WHERE is_me = 1 AND flume_seq > 0",
        "1");

    [Fact]
    public void The_one_example_that_upstreams_own_tables_refuse_is_refused_here_too()
    {
        foreach (AskedFile file in _files)
            Assert.Contains("ambiguous column name", Assert.Throws<Asking.SqlQueryException>(() => file.Ask(
                "select count(`id`) from `mentions_raw` inner join `authors` on `link_to_author_id` = `authors`.`id`")).Message);
    }

    [Fact]
    public void Abouts_about_me() => Same(
        "select `content` from `abouts_raw` inner join `authors` on `link_to_author_id` = `authors`.`id` inner join `messages_raw` on `link_from_key_id` = `messages_raw`.`key_id` where `is_me` = 1",
        $$"""{"type":"about","about":"{{Me.Id}}","name":"me"}""");

    [Fact]
    public void Votes_by_links_are_none_and_votes_by_their_table_are_there()
    {
        Same(
            "select count(*) from `links` inner join `messages_raw` on `messages_raw`.`key_id` = `links`.`link_from_key_id` where `links`.`link_to_key` = '%m1' and `content_type` = 'vote'",
            "0");
        Same("SELECT count(*) FROM votes_raw JOIN keys ON keys.id = link_to_key_id WHERE key = '%m1'", "1");
    }

    [Fact]
    public void Types_and_private_messages()
    {
        Same("select count(*) from `messages` where `content_type` = 'post'", "4");
        Same("select count(*) from `messages` where not `content_type` = 'post'", "5");
        Same("select `key`, `content` from `messages` where `is_decrypted` = 1", "%m5|{\"type\":\"post\",\"text\":\"for me\"}");
        Same("select count(*) from `messages` where not `is_decrypted` = 1", "9");
    }

    [Fact]
    public void Links_from_and_to()
    {
        Same("select count(*) from `messages` inner join `links` on `links`.`link_from_key` = `messages`.`key`", "1");
        Same("select count(*) from `messages` inner join `links` on `links`.`link_to_key` = `messages`.`key`", "1");
    }

    [Fact]
    public void Replies_elsewhere_that_point_to_a_message() => Same(
        "select `links`.`link_from` as `key`, `author`, `received_time` as `timestamp` from `links` inner join `messages` on `links`.`link_from_key` = `messages`.`key` where not `root` = '%m1' and `content_type` not in ('about', 'vote', 'tag') and `links`.`link_to_key` = '%m1'",
        "%m9|@bob|1009");

    [Fact]
    public void Offsets_by_key_and_by_type()
    {
        Same("SELECT flume_seq FROM messages_raw JOIN keys ON messages_raw.key_id = keys.id WHERE key = '%m1'", "0");
        Same("SELECT count(flume_seq) FROM messages_raw WHERE content_type = 'about'", "1");
        Same("SELECT max(flume_seq) FROM messages_raw", _given.Log.Head.ToString());
    }

    [Fact]
    public void No_plain_text_of_a_private_message_is_in_a_bare_file()
    {
        AskedFile bare = _files[(int)SqlLayout.Bare];
        bare.Store.Empty();
        Assert.DoesNotContain("for me", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(bare.Path)));
        Assert.Contains("for me", bare.Ask("SELECT content FROM messages WHERE is_decrypted = 1"));
    }

    public void Dispose()
    {
        foreach (AskedFile file in _files) file.Dispose();
        _given.Dispose();
    }

    private void Same(string sql, string expected)
    {
        foreach (AskedFile file in _files) Assert.Equal(expected, file.Ask(sql));
    }

    private static string[] Records()
    {
        string box = PrivateBox.ToText(PrivateBox.Seal("""{"type":"post","text":"for me"}"""u8, [Me.PublicKey.ToArray()]));
        string[] contents =
        [
            """{"type":"post","text":"first"}""",
            $$"""{"type":"about","about":"{{Me.Id}}","name":"me"}""",
            $$"""{"type":"post","text":"hi","mentions":[{"link":"{{Me.Id}}","name":"me"}]}""",
            """{"type":"vote","vote":{"link":"%m1","value":1}}""",
            $"\"{box}\"",
            "\"c29tZWJvZHkgZWxzZQ==.box\"",
            """{"type":"contact","contact":"@dan","following":true}""",
            """{"type":"contact","contact":"@bob","blocking":true}""",
            """{"type":"post","text":"elsewhere","root":"%other","link":{"link":"%m1"}}""",
            """{"type":"contact","contact":"@carol","following":true}""",
        ];
        string[] authors = [Me.Id, "@bob", "@bob", "@bob", "@bob", "@bob", "@bob", Me.Id, "@bob", Me.Id];
        return [.. contents.Select((content, i) =>
            $$$"""{"key":"%m{{{i + 1}}}","value":{"author":"{{{authors[i]}}}","sequence":{{{i + 1}}},"timestamp":{{{i}}},"content":{{{content}}}},"timestamp":{{{1001 + i}}}}""")];
    }
}
