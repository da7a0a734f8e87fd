using System.Diagnostics;
using System.Text.Json;
using Flume.TestKit;

namespace Flume.Sql.Tests;

/// <summary>Other programs read the file while the service writes it.</summary>
[Trait("Category", "Slow")]
public class OtherProgramsTests
{
    [SqliteShellFact]
    public async Task Sqlites_own_shell_reads_the_file_of_a_running_service_and_of_a_stopped_one()
    {
        await using SqlRig rig = await SqlRig.StartedAsync();
        await rig.AppendAsync(OddLogs.Make(new Random(7), 200));
        await rig.LiveAsync();
        string rows = await Shell(rig.Link, "SELECT count(*) FROM messages_raw; PRAGMA quick_check");
        Assert.Equal(SqlFixture.Rows(rig.Link, "SELECT count(*) FROM messages_raw") + "ok\n", rows);

        await rig.AppendAsync([EngineTests.Post("%late", "x")]);
        await rig.LiveAsync();
        Assert.Equal("1\n", await Shell(rig.Link, "SELECT count(*) FROM messages WHERE key = '%late'"));

        await rig.Engine.StopAsync();
        Assert.Equal("1\n", await Shell(rig.Link, "SELECT count(*) FROM messages WHERE key = '%late'"));
        await rig.StartAsync();
    }

    [ModuleFact("knex")]
    public async Task Knex_reads_the_file_of_a_running_service_and_may_not_write_it()
    {
        await using SqlRig rig = await SqlRig.StartedAsync();
        await rig.AppendAsync(OddLogs.Make(new Random(9), 400));
        await rig.LiveAsync();
        string script = TempLog.RepositoryPath("tests", "peers", "sql", "knex.js");
        string[] lines = Peer.Run(script, [rig.Link], "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonElement[] answers = [.. lines.Select(line => JsonElement.Parse(line))];
        Assert.Equal("refused", answers[^1].GetProperty("rows").GetString());
        Assert.Equal(8, answers.Length);
        foreach (JsonElement answer in answers[..^1])
        {
            string expected = SqlFixture.Rows(rig.Link, answer.GetProperty("sql").GetString()!);
            string[] rows = [.. answer.GetProperty("rows").EnumerateArray().Select(row => string.Join(
                '|', row.EnumerateObject().Select(member => member.Value.ValueKind == JsonValueKind.Null ? "NULL" : member.Value.ToString())))];
            Assert.Equal(expected, string.Concat(rows.Select(row => row + "\n")));
        }
    }

    private static async Task<string> Shell(string file, string sql)
    {
        ProcessStartInfo start = new("sqlite3", ["-readonly", file, sql]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return output;
    }
}
