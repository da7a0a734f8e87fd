using System.Net.Http.Json;
using System.Text.Json;
using Flume.Sql.Native;
using Flume.TestKit;

namespace Flume.Sql.Tests;

/// <summary>The verbs of the command line over the sample log: what holds for every view holds for the SQL view.</summary>
[Trait("Category", "Slow")]
public sealed class VerbTests : IDisposable
{
    private const int Damaged = 3;

    private readonly TemporaryFolder _folder = new();

    public VerbTests()
    {
        Directory.CreateDirectory(Own("kay"));
        File.Copy(Vectors.Log, Path.Combine(Own("kay"), "log.offset"));
        File.Copy(Vectors.Secret, Path.Combine(Own("kay"), "secret"));
    }

    [Fact]
    public async Task A_check_agrees_and_names_a_row_that_was_changed_until_a_rebuild()
    {
        await RunAsync(0, "doctor", "--fix", "--data", Data);
        await ServeAsync(async (address, _) =>
        {
            string online = await RunAsync(0, "check", "--http", address);
            Assert.Contains("sql: all", online);
            Assert.DoesNotContain("DISAGREE", online);
        });
        Assert.Contains("agree", await RunAsync(0, "check", "sql", "--data", Data));
        Assert.Contains("sql: all", await RunAsync(0, "check", "--data", Data));

        using (SqlConnection file = SqlConnection.OpenToWrite(Link("kay")))
            file.Run("DELETE FROM votes_raw WHERE id = (SELECT max(id) FROM votes_raw); UPDATE authors SET author = 'x' WHERE id = 2");
        string found = await RunAsync(Damaged, "check", "sql", "--data", Data);
        Assert.Contains("2 rows DISAGREE", found);
        Assert.Contains("votes_raw", found);
        Assert.Contains("rows-wrong", await RunAsync(Damaged, "doctor", "--rows", "--json", "--data", Data));

        Assert.Contains("sql", await RunAsync(0, "rebuild", "sql", "--data", Data));
        await RunAsync(0, "check", "sql", "--data", Data);
        await RunAsync(0, "doctor", "--rows", "--data", Data);
        Assert.Equal(["sql.2.sqlite"], Directory.GetFiles(ViewFolder("kay"), "sql.*.sqlite").Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_doctor_finds_a_damaged_file_and_sets_it_aside()
    {
        await RunAsync(0, "doctor", "--fix", "--data", Data);
        await ServeAsync((_, _) => Task.CompletedTask);
        await RunAsync(0, "doctor", "--data", Data);
        using (FileStream file = File.OpenWrite(Link("kay"))) file.Write(new byte[4096]);
        Assert.Contains("store-damaged", await RunAsync(Damaged, "doctor", "--json", "--data", Data));
        await RunAsync(0, "doctor", "--fix", "--data", Data);
        Assert.False(Directory.Exists(ViewFolder("kay")));
        await ServeAsync((_, _) => Task.CompletedTask);
        await RunAsync(0, "check", "sql", "--data", Data);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backup_has_the_file_and_a_restored_one_equals_it(bool isServed)
    {
        string copy = _folder["backup"];
        await ServeAsync((address, _) => isServed ? RunAsync(0, "backup", copy, "--http", address) : Task.CompletedTask);
        if (!isServed) await RunAsync(0, "backup", copy, "--data", Data);
        bool hasFile = File.Exists(Path.Combine(copy, "views", "sql", "sql.sqlite"));
        Assert.Equal(isServed, hasFile);

        string other = _folder["other"];
        Directory.CreateDirectory(other);
        await RunAsync(0, "restore", copy, "--data", other, "--accept-fork-risk");
        string restored = Path.Combine(other, "identities", "kay", "views", "sql", "sql.sqlite");
        Assert.Equal(hasFile, File.Exists(restored));
        if (!hasFile) return;
        Assert.Equal(SqlFixture.Dump(Link("kay")), SqlFixture.Dump(restored));
        await RunAsync(0, "check", "sql", "--data", other);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(restored));
        Assert.Equal("sql.1.sqlite", new FileInfo(restored).LinkTarget);
    }

    [Fact]
    public async Task A_statement_is_answered_offline_with_the_layout_of_the_configuration()
    {
        await ServeAsync((_, _) => Task.CompletedTask);
        string rows = await RunAsync(0, "sql", "SELECT count(*) AS n FROM messages_raw", "--json", "--data", Data, "--config", Config);
        Assert.Equal("{\"n\":1000}", rows.Trim());
        Assert.Single(Directory.GetFiles(ViewFolder("kay"), "sql.*.sqlite"));
    }

    public void Dispose() => _folder.Dispose();

    private string Data => _folder["data"];

    private string Config => _folder["flume.conf"];

    private string Own(string identity) => Path.Combine(Data, "identities", identity);

    private string ViewFolder(string identity) => Path.Combine(Own(identity), "views", "sql");

    private string Link(string identity) => Path.Combine(ViewFolder(identity), "sql.sqlite");

    private async Task ServeAsync(Func<string, HttpClient, Task> work)
    {
        await File.WriteAllTextAsync(Config, "flume.sql { enabled = on, full-text = on }");
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--data", Data, "--config", Config, "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");
        string line = await flume.ReadLineAsync() ?? throw new InvalidOperationException(await flume.ErrorAsync());
        string address = JsonElement.Parse(line).GetProperty("address").GetString()!;
        using HttpClient http = new() { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
        HttpResponseMessage answer = await http.PostAsJsonAsync("/v1/kay/sql", new { sql = "SELECT count(*) AS n FROM messages_raw" });
        Assert.Contains("1000", await answer.Content.ReadAsStringAsync());
        await work(address, http);
        flume.Terminate();
        Assert.Equal(0, await flume.EndAsync());
    }

    private static async Task<string> RunAsync(int exitCode, params string[] args)
    {
        (int code, string output, string error) = await FlumeProcess.RunAsync(args);
        Assert.True(code == exitCode, $"flume {string.Join(' ', args)} ended with {code}: {output}{error}");
        return output;
    }
}
