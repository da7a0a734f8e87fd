using System.Text.Json;
using Flume.TestKit;

namespace Flume.SystemTests.Host;

/// <summary>Every verb that reads files, with a classic ssb directory instead of a data directory.</summary>
public sealed class ClassicVerbsTests
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples");

    [Fact]
    public async Task Every_verb_that_takes_a_data_directory_takes_a_classic_one_and_leaves_its_log_as_it_is()
    {
        using TempFolder folder = new();
        string ssb = Classic(folder), log = folder["ssb", "flume", "log.offset"];
        byte[] before = await File.ReadAllBytesAsync(log);
        Assert.Contains("1,000 records", await OkAsync("doctor", "--ids", "--ssb", ssb));
        Assert.Equal(["flume", "secret"], Directory.GetFileSystemEntries(ssb).Select(Path.GetFileName).Order());

        Assert.StartsWith("healthy: 1 identity, 9 views", await OkAsync("status", "--ssb", ssb));
        Assert.DoesNotContain("disagree", await OkAsync("check", "--ssb", ssb));
        Assert.Contains("9 views read well", await OkAsync("doctor", "--rows", "--ssb", ssb));
        Assert.Contains("sound", await OkAsync("verify", "--ids", "--ssb", ssb));
        Assert.Contains(".ed25519", await OkAsync("call", "whoami", "--ssb", ssb));
        Assert.Single((await OkAsync("tail", "--from", "0", "--once", "--limit", "1", "--ssb", ssb)).TrimEnd().Split('\n'));
        Assert.Contains("\"vote\"", await OkAsync(
            "query", "[{\"$filter\":{\"value\":{\"content\":{\"type\":\"vote\"}}}}]", "--limit", "1", "--ssb", ssb));
        Assert.Contains("links", await OkAsync("rebuild", "links", "--ssb", ssb));
        Assert.Contains("1000", await OkAsync("sql", "select count(*) from messages_raw", "--ssb", ssb));
        await OkAsync("backup", folder["backup"], "--ssb", ssb);
        Assert.Equal(before, await File.ReadAllBytesAsync(log));

        await OkAsync("restore", folder["backup"], "--data", folder["data"], "--newest-own", "0");
        Assert.DoesNotContain("disagree", await OkAsync("check", "--data", folder["data"]));
    }

    [Fact]
    public async Task The_doctor_mends_a_classic_directory_and_keeps_what_it_removes_below_flume_net()
    {
        using TempFolder folder = new();
        string ssb = Classic(folder), secret = folder["ssb", "secret"];
        await OkAsync("status", "--ssb", ssb);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        string store = Directory.GetDirectories(folder["ssb", "flume-net", "views", "links"]).Single();
        foreach (string table in Directory.GetFiles(store, "*.sst")) await File.WriteAllTextAsync(table, "no table");

        (int exit, string output, string error) = await FlumeProcess.RunAsync("doctor", "--ssb", ssb);
        Assert.True(exit == 3, output + error);
        Assert.Contains($"'flume doctor --ssb {ssb} --fix'", output);
        Assert.Contains("secret-readable: secret:", output);
        string mended = await OkAsync("doctor", "--ssb", ssb, "--fix");
        Assert.Contains("healthy", mended);
        Assert.True(File.Exists(Directory.GetDirectories(folder["ssb", "flume-net", "set-aside"]).Single() + "/list.txt"), mended);
        Assert.DoesNotContain("disagree", await OkAsync("check", "--ssb", ssb));
    }

    [Fact]
    public async Task A_follower_is_healthy_although_it_takes_no_appends()
    {
        using TempFolder folder = new();
        await using FlumeProcess server = FlumeProcess.Start(
            "serve", "--ssb", Classic(folder), "--follow", "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");
        string at = JsonDocument.Parse((await server.ReadLineAsync())!).RootElement.GetProperty("address").GetString()!;
        Assert.StartsWith("healthy: ", await OkAsync("status", "--http", at));
        using System.Net.Http.HttpClient http = new();
        Assert.Contains("\"following\":true", await http.GetStringAsync($"{at}/v1/identities"));
        Assert.DoesNotContain("read-only", await http.GetStringAsync($"{at}/health/checks"));
        (int exit, _, string error) = await FlumeProcess.RunAsync("call", "publish", "{\"type\":\"test\"}", "--http", at);
        Assert.Equal(1, exit);
        Assert.Contains("is only read here (flume serve --follow", error);
    }

    private static string Classic(TempFolder folder)
    {
        Directory.CreateDirectory(folder["ssb", "flume"]);
        File.Copy(Path.Combine(Samples, "log.offset"), folder["ssb", "flume", "log.offset"]);
        File.Copy(Path.Combine(Samples, "secret"), folder["ssb", "secret"]);
        File.SetUnixFileMode(folder["ssb", "secret"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return folder["ssb"];
    }

    private static async Task<string> OkAsync(params string[] args)
    {
        (int exit, string output, string error) = await FlumeProcess.RunAsync(args);
        Assert.True(exit == 0, $"flume {string.Join(' ', args)} ended with {exit}: {error}{output}");
        return output;
    }
}
