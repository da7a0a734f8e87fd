using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Flume.Log;
using Flume.Sql.Build;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit.Abstractions;

namespace Flume.Sql.Tests;

/// <summary>kill -9 at random moments of following, building and promoting: the file is whole afterwards.</summary>
[Trait("Category", "Slow")]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 20;

    [Fact]
    public async Task A_file_whose_service_was_killed_twenty_times_equals_one_that_is_built_then()
    {
        int seed = TestSeed.Draw();
        output.WriteLine($"FLUME_SEED={seed} replays this");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        string identity = Directory.CreateDirectory(folder[Path.Combine("identities", "kay")]).FullName;
        string config = folder["sql.conf"];
        await File.WriteAllTextAsync(config, "flume.sql { enabled = on, full-text = on }");
        List<string> records = OddLogs.Make(random, 4000);
        string padding = new('x', 600);
        using (OffsetLog log = OffsetLog.Open(Path.Combine(identity, "log.offset")))
        {
            foreach (string record in records.Take(3000))
                log.Append(Encoding.UTF8.GetBytes(record.Replace("hello", "hello " + padding)), Durability.Memory);
        }

        for (int round = 0; round < Rounds; round++)
        {
            await using FlumeProcess flume = Serve(folder.Path, config);
            using HttpClient http = await ConnectAsync(flume);
            await http.PostAsync("/v1/kay/log", new StringContent(string.Join('\n', records.Skip(3000 + (round * 50)).Take(50)
                .Where(record => record.StartsWith('{')))));
            if (round % 2 == 0) await http.PostAsync("/v1/kay/views/sql/rebuild", null);
            await Task.Delay(random.Next(0, 250));
            flume.Crash();
            await flume.EndAsync();
        }

        await RequireWholeAsync(folder, identity, config);
    }

    private static async Task RequireWholeAsync(TemporaryFolder folder, string identity, string config)
    {
        await using (FlumeProcess flume = Serve(folder.Path, config))
        {
            using HttpClient http = await ConnectAsync(flume);
            HttpResponseMessage answer = await http.PostAsJsonAsync("/v1/kay/sql", new { sql = "SELECT count(*) AS n FROM messages_raw" });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            flume.Terminate();
            Assert.Equal(0, await flume.EndAsync());
        }

        using OffsetLog log = OffsetLog.Open(Path.Combine(identity, "log.offset"), new LogOptions { ReadOnly = true });
        string views = Path.Combine(identity, "views", "sql"), built = folder["built.sqlite"];
        FeedKeys? keys = File.Exists(Path.Combine(identity, "secret")) ? SecretFile.Read(Path.Combine(identity, "secret")) : null;
        FileBuild.Run(
            new FileBuildRequest(built, log, new SqlOptions(FullText: true))
            {
                OwnFeed = keys?.Id ?? "", Format = new SsbFormat(keys is null ? null : new Unboxer(keys)),
            }, default);
        Assert.Equal(SqlFixture.Dump(built), SqlFixture.Dump(Path.Combine(views, "sql.sqlite")));
        Assert.Single(Directory.GetFiles(views, "sql.*.sqlite"));
    }

    private static FlumeProcess Serve(string data, string config) => FlumeProcess.Start(
        "serve", "--data", data, "--config", config, "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");

    private static async Task<HttpClient> ConnectAsync(FlumeProcess flume)
    {
        string line = await flume.ReadLineAsync() ?? throw new InvalidOperationException(await flume.ErrorAsync());
        JsonElement started = JsonElement.Parse(line);
        string address = started.GetProperty("address").GetString()!;
        return new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
    }
}
