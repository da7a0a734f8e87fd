using System.Text.Json;
using Flume.TestKit;
using Xunit;

namespace Flume.SystemTests.Host;

public sealed class CommandLineTests
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples");

    [Theory]
    [InlineData("serve")]
    [InlineData("import")]
    [InlineData("rebuild")]
    [InlineData("verify")]
    [InlineData("check")]
    [InlineData("status")]
    [InlineData("views")]
    [InlineData("call")]
    [InlineData("generate")]
    [InlineData("doctor")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("tail")]
    [InlineData("query")]
    [InlineData("completions")]
    [InlineData("version")]
    public async Task Every_verb_explains_itself_and_its_exit_codes(string verb)
    {
        (int exit, string output, _) = await FlumeProcess.RunAsync(verb, "--help");
        Assert.Equal(0, exit);
        Assert.Contains($"flume {verb}", output);
        Assert.Contains("--json", output);
        Assert.Contains("Exit codes:", output);
        Assert.Contains("3    a log or a store is damaged", output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("srve")]
    [InlineData("import log.offset")]
    [InlineData("verify")]
    [InlineData("status --http here --data there")]
    [InlineData("call get {oops")]
    [InlineData("rebuild feed --data .")]
    [InlineData("check feed --data .")]
    [InlineData("check --sample 0")]
    [InlineData("check --seed 5")]
    [InlineData("views stop feeds")]
    [InlineData("views budget")]
    [InlineData("views resume --share 0.5")]
    [InlineData("generate out --offset-bits 64")]
    [InlineData("tail --once")]
    [InlineData("query [oops")]
    [InlineData("query {} --http :1")]
    [InlineData("backup out --http here --data there")]
    [InlineData("restore b --newest-own -1")]
    [InlineData("completions ksh")]
    [InlineData("status --watch never")]
    [InlineData("serve --http everywhere")]
    public async Task A_command_line_without_sense_is_refused_before_anything_is_done(string line)
    {
        (int exit, string output, string error) = await FlumeProcess.RunAsync(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, exit);
        Assert.Empty(output);
        Assert.StartsWith("flume: ", error);
    }

    [Fact]
    public async Task Errors_are_json_when_json_is_asked_for()
    {
        (int exit, _, string error) = await FlumeProcess.RunAsync("status", "--http", "127.0.0.1:1", "--json");
        Assert.Equal(5, exit);
        JsonElement told = JsonDocument.Parse(error).RootElement;
        Assert.Equal(5, told.GetProperty("exitCode").GetInt32());
        Assert.Contains("Start 'flume serve'", told.GetProperty("error").GetString());
    }

    [Fact]
    public async Task The_version_says_what_it_runs_on()
    {
        JsonElement version = await JsonAsync("version", "--json");
        Assert.Equal(
            ["Akka.NET", "RocksDB", "Hyperion"], version.GetProperty("packages").EnumerateObject().Select(part => part.Name));
        Assert.All(version.GetProperty("packages").EnumerateObject(), part => Assert.Matches("^[0-9.]+$", part.Value.GetString()));
        Assert.StartsWith(".NET", version.GetProperty("runtime").GetString());
    }

    [Fact]
    public async Task A_generated_log_verifies_and_a_flipped_byte_is_found()
    {
        using TempFolder folder = new();
        string log = folder["made.offset"];
        JsonElement made = await JsonAsync("generate", log, "--messages", "200", "--authors", "5", "--json");
        Assert.Equal(200, made.GetProperty("records").GetInt64());
        JsonElement sound = await JsonAsync("verify", log, "--ids", "--json");
        Assert.True(sound.GetProperty("sound").GetBoolean());
        Assert.Equal(200, sound.GetProperty("logs")[0].GetProperty("ids").GetProperty("messages").GetInt64());

        byte[] bytes = await File.ReadAllBytesAsync(log);
        bytes[0] ^= 1;
        await File.WriteAllBytesAsync(log, bytes);

        (int exit, string output, _) = await FlumeProcess.RunAsync("verify", log);
        Assert.Equal(3, exit);
        Assert.Contains("damaged at offset 0", output);
        Assert.Contains("DAMAGED", output);
    }

    [Fact]
    public async Task A_log_is_imported_rebuilt_and_asked_without_a_server()
    {
        using TempFolder folder = new();
        string data = folder["data"];
        JsonElement imported = await JsonAsync(
            "import", Path.Combine(Samples, "log.offset"), "--identity", "alice", "--data", data,
            "--secret", Path.Combine(Samples, "secret"), "--json");
        Assert.Equal(1000, imported.GetProperty("records").GetInt64());

        JsonElement rebuilt = await JsonAsync("rebuild", "--data", data, "--json");
        Assert.Equal(1000, rebuilt.GetProperty("records").GetInt64());
        Assert.All(rebuilt.GetProperty("views").EnumerateArray(), view =>
            Assert.Equal(JsonValueKind.Null, view.GetProperty("failure").ValueKind));

        JsonElement status = await JsonAsync("status", "--data", data, "--json");
        JsonElement alice = status.GetProperty("identities").EnumerateArray().Single();
        Assert.All(alice.GetProperty("views").EnumerateArray(), view =>
            Assert.Equal(alice.GetProperty("head").GetInt64(), view.GetProperty("since").GetInt64()));
        Assert.Equal(alice.GetProperty("id").GetString(),
            (await JsonAsync("call", "whoami", "--data", data)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task An_import_never_overwrites_a_log()
    {
        using TempFolder folder = new();
        string[] import = ["import", Path.Combine(Samples, "log.offset"), "--identity", "alice", "--data", folder.Path];
        Assert.Equal(0, (await FlumeProcess.RunAsync(import)).ExitCode);
        (int exit, _, string error) = await FlumeProcess.RunAsync(import);
        Assert.Equal(1, exit);
        Assert.Contains("exists", error);
    }

    private static async Task<JsonElement> JsonAsync(params string[] args)
    {
        (int exit, string output, string error) = await FlumeProcess.RunAsync(args);
        Assert.True(exit == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }
}
