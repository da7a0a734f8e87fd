using System.Diagnostics;
using Flume.Sql.Asking;

namespace Flume.Sql.Tests;

/// <summary>A caller's statement can read and nothing else, within its limits.</summary>
public sealed class GuardTests : IDisposable
{
    private readonly SqlFixture _given = new(OddLogs.Make(new Random(1), 300));
    private readonly AskedFile _file;

    public GuardTests() => _file = new AskedFile(_given, new SqlOptions());

    [Theory]
    [InlineData("ATTACH '/tmp/x.sqlite' AS x")]
    [InlineData("PRAGMA user_version = 5")]
    [InlineData("PRAGMA table_info(keys)")]
    [InlineData("SELECT * FROM pragma_table_info('keys')")]
    [InlineData("DELETE FROM keys")]
    [InlineData("INSERT INTO keys VALUES (1, 'x')")]
    [InlineData("UPDATE keys SET key = 'x'")]
    [InlineData("CREATE TABLE t (x)")]
    [InlineData("CREATE TEMP TABLE t (x)")]
    [InlineData("DROP TABLE keys")]
    [InlineData("VACUUM INTO '/tmp/copy.sqlite'")]
    [InlineData("BEGIN IMMEDIATE")]
    [InlineData("COMMIT")]
    [InlineData("SELECT load_extension('x')")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 1; -- a comment\nDELETE FROM keys")]
    public void What_is_not_one_reading_statement_is_forbidden(string sql)
    {
        Assert.Equal(SqlRefusal.Forbidden, _file.Refusal(sql));
        Assert.Equal("1", _file.Ask("SELECT 1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SELEC 1")]
    [InlineData("SELECT no_such_column FROM keys")]
    [InlineData("SELECT json_extract('{', '$')")]
    [InlineData("SELECT \"quoted\"")]
    public void Wrong_statements_are_named_wrong(string sql) => Assert.Equal(SqlRefusal.Statement, _file.Refusal(sql));

    [Fact]
    public void A_wrong_statement_tells_where()
    {
        string said = Assert.Throws<SqlQueryException>(() => _file.Ask("SELECT kez FROM keys")).Message;
        Assert.Equal("no such column: kez (byte 7 of the statement).", said);
    }

    [Fact]
    public void An_endless_statement_is_stopped_in_time()
    {
        _file.Limits = new SqlLimits { TimeMax = TimeSpan.FromMilliseconds(200) };
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(SqlRefusal.Time, _file.Refusal(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 150, 2000);
    }

    [Fact]
    public void A_cancelled_statement_is_stopped()
    {
        using var reader = (SqlReader)_file.Store.OpenReader();
        using var cancel = new CancellationTokenSource();
        using SqlQuery query = reader.Query(
            new SqlRequest("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"),
            new SqlLimits(), cancel.Token);
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => query.Step());
    }

    [Theory]
    [InlineData("SELECT printf('%.*c', 500000000, 'x')")]
    [InlineData("SELECT zeroblob(100000000)")]
    [InlineData("SELECT hex(randomblob(16000000))")]
    public void Values_that_are_too_long_are_refused(string sql) => Assert.Equal(SqlRefusal.Memory, _file.Refusal(sql));

    [Fact]
    public void Deep_and_wide_statements_are_refused()
    {
        Assert.Equal(SqlRefusal.Statement, _file.Refusal("SELECT " + string.Concat(Enumerable.Repeat("(1+", 500)) + "1" + new string(')', 500)));
        Assert.Equal(SqlRefusal.Statement, _file.Refusal(string.Join(" UNION ALL ", Enumerable.Repeat("SELECT 1", 200))));
        Assert.Equal(SqlRefusal.Memory, _file.Refusal("SELECT 1 -- " + new string('x', 70_000)));
    }

    [Fact]
    public void Rows_and_bytes_end_at_their_limits_and_the_answer_says_so()
    {
        Assert.EndsWith("(3 rows were given and there are more; raise \"limit\")", _file.Ask("SELECT id FROM keys", rows: 3));
        Assert.Equal(3, _file.Ask("SELECT id FROM keys LIMIT 3", rows: 3).Split('\n').Length);
        _file.Limits = new SqlLimits { AnswerBytesMax = 100 };
        Assert.Contains("bytes were given", _file.Ask("SELECT key FROM keys"));
        Assert.Equal(SqlRefusal.Parameter, Assert.Throws<SqlQueryException>(() => _file.Ask("SELECT 1", rows: 100_001)).Refusal);
    }

    [Fact]
    public void Parameters_are_bound_by_place_and_by_name()
    {
        Assert.Equal("2|x|null|1|1.5", _file.Ask("SELECT ?, ?, ?, ?, ?", "[2, \"x\", null, true, 1.5]"));
        Assert.Equal("7|8", _file.Ask("SELECT :a, $b", "{\"a\": 7, \"b\": 8}"));
        Assert.Equal(SqlRefusal.Parameter, _file.Refusal("SELECT ?", "[]"));
        Assert.Equal(SqlRefusal.Parameter, _file.Refusal("SELECT 1", "[1]"));
        Assert.Equal(SqlRefusal.Parameter, _file.Refusal("SELECT :a", "{\"b\": 1}"));
        Assert.Equal(SqlRefusal.Parameter, _file.Refusal("SELECT ?", "[{}]"));
    }

    [Fact]
    public void Json_functions_recursion_and_the_schema_may_be_read()
    {
        Assert.Equal("2", _file.Ask("SELECT count(*) FROM json_each('[1, 2]')"));
        Assert.Equal("10", _file.Ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT max(i) FROM n"));
        Assert.Contains("messages_raw", _file.Ask("SELECT name FROM sqlite_schema WHERE type = 'table'"));
    }

    [Fact]
    public void A_snapshot_stays_while_the_log_goes_on()
    {
        using var reader = (SqlReader)_file.Store.OpenReader();
        _given.Log.Append("""{"key":"%new","value":{"author":"@new","content":{"type":"post"}}}"""u8.ToArray(), Flume.Log.Durability.Memory);
        Assert.True(_given.Step(_file.Store, 10));
        using (SqlQuery query = reader.Query(new SqlRequest("SELECT count(*) FROM keys WHERE key = '%new'"), new SqlLimits()))
        {
            Assert.True(query.Step());
            Assert.Equal("0", query.Value(0).ToJson());
        }

        Assert.Equal("1", _file.Ask("SELECT count(*) FROM keys WHERE key = '%new'"));
        Assert.True(reader.Checkpoint.Since < _given.Log.Head);
    }

    public void Dispose()
    {
        _file.Dispose();
        _given.Dispose();
    }
}
