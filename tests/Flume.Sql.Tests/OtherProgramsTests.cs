using System.Diagnostics;

namespace Flume.Sql.Tests;

/// <summary>Other programs read the file while the service writes it.</summary>
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

    private static async Task<string> Shell(string file, string sql)
    {
        ProcessStartInfo start = new("sqlite3", ["-readonly", file, sql]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return output;
    }
}
