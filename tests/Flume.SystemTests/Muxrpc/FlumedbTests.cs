using Flume.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace Flume.SystemTests.Muxrpc;

/// <summary>Unmodified flumedb and its views over the flumelog of clients/js: tests/peers/flumedb.</summary>
public sealed class FlumedbTests(ITestOutputHelper output, FlumedbTests.Service service)
    : IClassFixture<FlumedbTests.Service>
{
    private static readonly string Folder = Path.Combine(Peers.Folder, "flumedb");

    [PeerTheory("flumedb", "flumedb")]
    [InlineData("test-flumelog")]
    [InlineData("test-flumelog/http")]
    [InlineData("flumelog-offset/simple")]
    [InlineData("flumelog-offset/stream")]
    [InlineData("flumedb/offset")]
    [InlineData("flumedb/rebuild")]
    [InlineData("flumeview-level/index")]
    [InlineData("flumeview-level/live")]
    [InlineData("flumeview-reduce/persistant")]
    [InlineData("flumeview-reduce/reload")]
    [InlineData("flumeview-hashtable/simple")]
    [InlineData("flumeview-hashtable/index")]
    [InlineData("flumeview-query/exact")]
    [InlineData("flumeview-query/nested")]
    [InlineData("flumeview-query/scan")]
    [InlineData("flumeview-query/random")]
    public async Task A_packages_own_tests_pass(string suite)
    {
        string http = await service.AddressAsync();
        string text = await RunAsync("run.js", "--http", http, "--data", service.Data, "--suite", suite);
        Assert.Matches(@"(?m)^# pass  [1-9]", text);
    }

    [PeerFact("flumedb", "flumedb")]
    public async Task No_suite_is_left_out()
    {
        object[] named = [.. typeof(FlumedbTests).GetMethod(nameof(A_packages_own_tests_pass))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Select(data => ((InlineDataAttribute)data).GetData(null!).Single()[0])];
        string listed = await RunAsync("run.js");
        Assert.Equal(listed.Split('\n', StringSplitOptions.RemoveEmptyEntries), named);
    }

    [PeerFact("flumedb", "flumedb")]
    public async Task Views_and_live_streams_outlive_a_service_that_is_killed()
    {
        string text = await RunAsync("kill.js", "--flume", Path.Combine(AppContext.BaseDirectory, "flume"));
        Assert.Contains("\"kills\":6", text, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string script, params string[] arguments)
    {
        (int code, string text) = await Peers.RunAsync(Path.Combine(Folder, script), arguments, "flumedb");
        output.WriteLine(text);
        Assert.True(code == 0, text);
        return text;
    }

    /// <summary>One program for all suites, each of which makes identities of its own; started by the first.</summary>
    public sealed class Service : IAsyncLifetime
    {
        private readonly TempFolder _folder = new();
        private readonly Lazy<Task<string>> _address;
        private FlumeProcess? _flume;

        public Service() => _address = new(StartAsync);

        /// <summary>The data directory.</summary>
        internal string Data => _folder.Path;

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            if (_flume is not null) await _flume.DisposeAsync();
            _folder.Dispose();
        }

        /// <summary>Where it answers HTTP.</summary>
        internal Task<string> AddressAsync() => _address.Value;

        private async Task<string> StartAsync()
        {
            _flume = FlumeProcess.Start(
                "serve", "--data", Data, "--empty", "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");
            string? line = await _flume.ReadLineAsync();
            if (line is null) Assert.Fail(await _flume.ErrorAsync());
            return System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!;
        }
    }
}
