using System.Text.Json;
using Flume.Host.Cli;
using Flume.TestKit;
using Xunit;

namespace Flume.SystemTests.Host;

public sealed class CommandLineTests
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples");

    public static TheoryData<string> Verbs => [.. CommandLine.Verbs.Select(verb => verb.Name)];

    [Theory, MemberData(nameof(Verbs))]
    public async Task Every_verb_explains_itself_with_examples_and_its_own_exit_codes(string verb)
    {
        (int exit, string output, _) = await FlumeProcess.RunAsync(verb, "--help");
        Assert.Equal(0, exit);
        Assert.Contains($"flume {verb}", output);
        Assert.Contains("--json", output);
        VerbHelp help = VerbHelp.Of(verb);
        Assert.All(help.Examples, example => Assert.Contains(example, output));
        string codes = output[output.IndexOf("Exit codes:", StringComparison.Ordinal)..];
        Assert.Equal(help.Codes, codes.Split('\n').Skip(1).Where(line => line.Length > 0).Select(line => int.Parse(line[..5].Trim())));
        System.CommandLine.Command command = CommandLine.Verbs.Single(one => one.Name == verb).Create();
        bool Takes(string option) =>
            output.Contains(option) || command.Subcommands.Any(part => part.Options.Any(one => one.Name == option));
        bool hasServer = Takes("--http") && verb != "serve", hasFiles = Takes("--data");
        Assert.Equal(hasServer, help.Codes.Contains(ExitCode.Unreachable));
        Assert.True(!hasFiles || help.Codes.Contains(ExitCode.Damaged), $"{verb} reads files and can find damage.");
    }

    [Fact]
    public void Each_example_of_the_help_is_a_command_line_that_is_understood()
    {
        foreach ((string name, Func<System.CommandLine.Command> create) in CommandLine.Verbs)
        {
            System.CommandLine.RootCommand root = new() { create(), CommandLine.Json };
            string[] examples = [.. VerbHelp.Of(name).Examples.Where(line => !line.Contains('(') || line.Contains('\''))];
            Assert.True(examples.Length > 0 || name == "completions", name);
            foreach (string example in examples)
            {
                // A shell takes what is between two single quotes as one word.
                string[] words = [.. example.Split('|')[0].Split('\'').SelectMany((part, i) =>
                    i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Skip(1)];
                Assert.Empty(root.Parse(words, CommandLine.Parsing).Errors.Select(error => $"{example}: {error.Message}"));
            }
        }
    }

    [Theory]
    [InlineData("srve", "Did you mean 'serve'?")]
    [InlineData("status --dta .", "Did you mean '--data'?")]
    [InlineData("views pause feeds --until tomorrow", "--until is 'tomorrow'. Expected a time, such as")]
    [InlineData("tail --limit many", "--limit is 'many'. Expected a whole number.")]
    [InlineData("call whoamy --data {data}", "Did you mean 'whoami'?")]
    [InlineData("rebuild backlink --data {data}", "Did you mean 'backlinks'?")]
    [InlineData("check serch --data {data}", "Did you mean 'search'?")]
    [InlineData("status --data {data}/identities", "give --data {data}")]
    [InlineData("status --data {data}/identities/sample", "--identity sample")]
    [InlineData("tail --data {data} --identity sampel --from 0 --once", "Did you mean 'sample'?")]
    [InlineData("status --data {ssb}", "give it as --ssb {ssb}")]
    [InlineData("doctor --data {ssb}/flume", "give --ssb {ssb}")]
    [InlineData("check --data {ssb}", "give it as --ssb {ssb}")]
    [InlineData("serve --data {ssb}", "give it as --ssb {ssb}")]
    [InlineData("create x --data {ssb}", "give it as --ssb {ssb}")]
    [InlineData("doctor --ssb {data}", "give it as --data {data}")]
    [InlineData("status --ssb {ssb}/flume", "--ssb {ssb}")]
    [InlineData("check --ssb {new}", "It begins with the first message")]
    [InlineData("tail --from 0 --ssb {new}", "It begins with the first message")]
    [InlineData("backup out --data {empty}", "it has no folder 'identities'")]
    [InlineData("status --data {empty}/nothing", "There is no directory")]
    [InlineData("verify {ssb}", "Its log is {ssb}/flume/log.offset")]
    [InlineData("import {empty}/nothing --identity x --data {empty}/new", "There is no file")]
    [InlineData("serve --http 0.0.0.0:0 --data {empty}/new", "the command line: --http is '0.0.0.0:0'")]
    [InlineData("serve --config {empty}/no.conf --data {empty}/new", "can't be read")]
    public async Task A_wrong_name_or_folder_is_refused_with_what_was_probably_meant(string line, string hint)
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder["empty"]);
        Directory.CreateDirectory(folder["new"]);
        File.Copy(Path.Combine(Samples, "secret"), folder["new", "secret"]);
        Directory.CreateDirectory(folder["ssb", "flume"]);
        File.Copy(Path.Combine(Samples, "log.offset"), folder["ssb", "flume", "log.offset"]);
        Directory.CreateDirectory(folder["data", "identities", "sample"]);
        File.Copy(Path.Combine(Samples, "log.offset"), folder["data", "identities", "sample", "log.offset"]);
        string Filled(string text) => text.Replace("{data}", folder["data"]).Replace("{ssb}", folder["ssb"]).Replace("{empty}", folder["empty"])
            .Replace("{new}", folder["new"]);

        (int exit, string output, string error) = await FlumeProcess.RunAsync(Filled(line).Split(' '));
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains(Filled(hint), error);
        foreach (string word in (string[])["System.", "Nullable", "POST ", "GET /", "This is a bug"]) Assert.DoesNotContain(word, error);
        Assert.False(File.Exists(folder["ssb", "serving.lock"]) || Directory.Exists(folder["empty", "new"]), "Nothing is left behind.");
    }

    [Theory]
    [InlineData("status --http no-such-host.invalid")]
    [InlineData("status --http 127.0.0.1:1")]
    [InlineData("reopen --http localhost:1")]
    public async Task A_server_that_is_not_there_is_exit_code_5(string line)
    {
        (int exit, _, string error) = await FlumeProcess.RunAsync(line.Split(' '));
        Assert.Equal(5, exit);
        Assert.Contains("--data DIR", error);
    }

    [Fact]
    public async Task An_address_that_another_process_has_is_exit_code_4_and_one_of_another_machine_is_no_bug()
    {
        using TempFolder folder = new();
        using System.Net.Sockets.TcpListener taken = new(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        (int exit, _, string error) = await FlumeProcess.RunAsync(
            "serve", "--data", folder["a"], "--empty", "--muxrpc", "off", "--http", taken.LocalEndpoint.ToString()!);
        Assert.Equal(4, exit);
        Assert.Contains("another process listens there", error);
        File.WriteAllText(folder["tokens.conf"], "flume.http.tokens = [\"read 0123456789abcdef0123456789abcdef\"]");
        (exit, _, error) = await FlumeProcess.RunAsync(
            "serve", "--data", folder["c"], "--empty", "--muxrpc", "off", "--http", "192.0.2.1:0", "--config", folder["tokens.conf"]);
        Assert.Equal(1, exit);
        Assert.Contains("this machine has no such address", error);
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
