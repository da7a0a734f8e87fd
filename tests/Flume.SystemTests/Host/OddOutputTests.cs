using System.Diagnostics;
using System.Text;
using Flume.Log;
using Flume.TestKit;
using Xunit;

namespace Flume.SystemTests.Host;

/// <summary>Messages that are signed and odd, and readers of the output that leave.</summary>
public sealed class OddOutputTests
{
    private static readonly string Author = "@+uhEFD56JVywEx8xlzL0apAL27y0kDXZH3aP86pDArQ=.ed25519";

    private static readonly string[] Posts =
    [
        Message("post", "\"plain\""),
        Message("po\\ud83d", "\"half a pair in the type\""),
        Message("post", "\"half \\ud83d in the text\""),
        Message("post", new string('[', 200) + new string(']', 200)),
        Message("post", "\"last\""),
    ];

    [Fact]
    public async Task An_odd_message_ends_neither_tail_nor_a_table()
    {
        using TempFolder folder = new();
        Write(folder);
        (int exit, string output, string error) = await FlumeProcess.RunAsync(
            "tail", "--from", "0", "--once", "--type", "post", "--data", folder.Path);
        Assert.Equal((0, 4), (exit, output.Count(each => each == '\n')));
        Assert.Equal("", error);
        (exit, output, _) = await FlumeProcess.RunAsync(
            "tail", "--from", "0", "--once", "--author", Author, "--data", folder.Path);
        Assert.Equal((0, 5), (exit, output.Count(each => each == '\n')));

        await using FlumeProcess server = await ServeAsync(folder.Path);
        string http = _address;
        (exit, output, _) = await FlumeProcess.RunAsync(
            "tail", "--from", "0", "--once", "--type", "post", "--http", http);
        Assert.Equal((0, 4), (exit, output.Count(each => each == '\n')));
        (exit, output, error) = await FlumeProcess.RunAsync(
            "query", """[{"$map":{"x":["value","content","text"]}}]""", "--table", "--http", http);
        Assert.True(exit == 0, error);
        Assert.Contains("\ufffd in the text", output);
        Assert.Contains("last", output);
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
    }

    [Theory]
    [InlineData("tail", "--from", "0")]
    [InlineData("call", "createLogStream", "{\"live\":true}")]
    [InlineData("query", "[{\"$filter\":{}}]", "--live")]
    [InlineData("status", "--watch", "0.1")]
    public async Task A_verb_ends_when_the_reader_of_its_output_has_gone(params string[] verb)
    {
        using TempFolder folder = new();
        Write(folder);
        await using FlumeProcess server = await ServeAsync(folder.Path);
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "flume"), [.. verb, "--http", _address])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process reading = Process.Start(start)!;
        Assert.NotNull(await reading.StandardOutput.ReadLineAsync());
        reading.StandardOutput.Close();
        using System.Net.Http.HttpClient client = new() { BaseAddress = new Uri(_address) };
        Task ended = reading.WaitForExitAsync();
        for (int i = 0; i < 10_000 && !ended.IsCompleted; i++)
        {
            using System.Net.Http.StringContent more = new(Message("post", "\"more\""), Encoding.UTF8, "application/x-ndjson");
            await client.PostAsync("/v1/me/log", more);
        }

        Assert.True(ended.IsCompleted, "The verb still runs.");
        Assert.Equal((141, ""), (reading.ExitCode, await reading.StandardError.ReadToEndAsync()));
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
    }

    private string _address = "";

    private async Task<FlumeProcess> ServeAsync(string data)
    {
        FlumeProcess server = FlumeProcess.Start(
            "serve", "--data", data, "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");
        string line = (await server.ReadLineAsync())!;
        _address = System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!;
        return server;
    }

    private static void Write(TempFolder folder)
    {
        using OffsetLog log = OffsetLog.Open(folder["identities", "me", "log.offset"]);
        foreach (string post in Posts) log.Append(Encoding.UTF8.GetBytes(post), Durability.Os);
    }

    private static string Message(string type, string text) =>
        $$$"""{"key":"%x{{{text.Length}}}","value":{"author":"{{{Author}}}","sequence":1,"content":{"type":"{{{type}}}","text":{{{text}}}}},"timestamp":1}""";
}
