using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Flume.TestKit;

namespace Flume.SystemTests.Samples;

/// <summary>The samples, built against the packed packages outside of the repository, and run.</summary>
public sealed class SamplesTests(SampleFeed feed) : IClassFixture<SampleFeed>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void The_worker_appends_projects_rebuilds_and_checks()
    {
        string built = feed.Build("Worker");
        string output = SampleFeed.Run(built, "dotnet", "Worker.dll");
        Assert.Contains("ann: Total { Orders = 2, Sum = 42 }", output);
        Assert.Contains("checked: True", output);
        Assert.Contains("Log orders (events) is open", output);
        Assert.True(File.ReadAllLines(TempLog.RepositoryPath("samples", "Worker", "Program.cs")).Length <= 40);
    }

    [Fact]
    public void The_first_block_of_CSharp_in_the_README_is_the_worker() =>
        Assert.Equal(File.ReadAllText(TempLog.RepositoryPath("samples", "Worker", "Program.cs")), FirstBlock());

    [Fact]
    public void A_stranger_makes_a_worker_adds_the_package_pastes_the_block_of_the_README_and_it_runs()
    {
        string folder = feed.Stranger("stranger");
        SampleFeed.Run(folder, "dotnet", "new", "worker");
        SampleFeed.Run(folder, "dotnet", "add", "package", "Flume.Actors", "--version", feed.Version);
        File.Delete(Path.Combine(folder, "Worker.cs"));
        File.WriteAllText(Path.Combine(folder, "Program.cs"), FirstBlock());
        Assert.Contains("ann: Total { Orders = 2, Sum = 42 }", SampleFeed.Run(folder, "dotnet", "run"));
    }

    [Fact]
    public void The_template_makes_a_worker_that_runs_with_the_packages_of_its_own_version()
    {
        string folder = feed.Stranger("template"), hive = Path.Combine(folder, "hive");
        string package = Path.Combine(feed.Packages, $"Flume.Templates.{feed.Version}.nupkg");
        SampleFeed.Run(folder, "dotnet", "new", "install", package, "--debug:custom-hive", hive);
        SampleFeed.Run(folder, "dotnet", "new", "flume-worker", "-o", "Shop", "--debug:custom-hive", hive);
        string shop = Path.Combine(folder, "Shop");
        Assert.Contains($"Version=\"{feed.Version}\"", File.ReadAllText(Path.Combine(shop, "Shop.csproj")));
        Assert.Contains("checked: True", SampleFeed.Run(shop, "dotnet", "run"));
    }

    [Fact]
    public void A_program_over_Flume_Log_alone_is_compiled_to_native_code_without_a_warning_and_runs()
    {
        string folder = feed.Stranger("native");
        File.WriteAllText(Path.Combine(folder, "native.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <PublishAot>true</PublishAot>
                <TrimmerSingleWarn>false</TrimmerSingleWarn>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <InvariantGlobalization>true</InvariantGlobalization>
                <CppCompilerAndLinker>{(File.Exists("/usr/bin/clang") ? "clang" : "gcc")}</CppCompilerAndLinker>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Flume.Log" Version="{feed.Version}" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            using Flume.Log;

            using OffsetLog log = OffsetLog.Open("orders.offset");
            Offset first = log.Append("1"u8.ToArray(), Durability.Fsync);
            log.Append(["22"u8.ToArray()], Durability.Os, expectedHead: first);
            foreach (LogRecord record in log.Read(LogRange.All)) Console.WriteLine($"{record.Offset}: {record.Payload.Length}");
            """);
        (int exit, string text) = SampleFeed.RunToEnd(
            folder, "dotnet", "publish", "-c", "Release", "-v", "m", "--nologo", "--use-current-runtime", "-o", "out");
        if (text.Contains("NU1101") || text.Contains("NU1102") || text.Contains("Platform linker"))
        {
            Console.WriteLine("The native compiler of .NET, or a linker, can't be had here: nothing was compiled.");
            return;
        }

        Assert.True(exit == 0 && !text.Contains("warning", StringComparison.Ordinal), text);
        Assert.Contains("0: 1\n13: 2", SampleFeed.Run(folder, Path.Combine(folder, "out", "native")));
    }

    [Fact]
    public async Task Orders_Web_answers_its_own_writes_streams_events_and_refuses_a_misspelled_key()
    {
        string built = feed.Build("Orders.Web");
        using Process web = SampleFeed.Start(built, "dotnet", "Orders.Web.dll", "--urls", "http://127.0.0.1:0");
        try
        {
            using HttpClient http = new() { BaseAddress = await AddressAsync(web), Timeout = Patience };
            using HttpResponseMessage placed = await http.PostAsJsonAsync(
                "/orders/7", new { customer = "ann", amount = 20.5 });
            JsonElement order = await http.GetFromJsonAsync<JsonElement>(placed.Headers.Location!.ToString());
            Assert.Equal(("placed", "ann", 20.5m), (order.GetProperty("status").GetString(),
                order.GetProperty("customer").GetString(), order.GetProperty("amount").GetDecimal()));
            using Stream events = await http.GetStreamAsync("/orders/events");
            using StreamReader lines = new(events);
            Assert.Contains("\"placed\"", await DataAsync(lines));
            HttpResponseMessage[] ships = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => http.PostAsync("/orders/7/ship", null)));
            Assert.Equal([200, .. Enumerable.Repeat(404, 7)], ships.Select(one => (int)one.StatusCode).Order());
            Assert.Contains("\"shipped\"", await DataAsync(lines));
            Assert.Contains("\"shipped\"", await http.GetStringAsync("/orders"));
            Assert.Equal("Healthy", await http.GetStringAsync("/health"));
        }
        finally
        {
            web.Kill(entireProcessTree: true);
            await web.WaitForExitAsync().WaitAsync(Patience);
        }

        using Process wrong = SampleFeed.Start(
            built, "dotnet", "Orders.Web.dll", "--urls", "http://127.0.0.1:0", "--Flume:Store:Block-Cash-Bytes", "1MiB");
        Task<string> said = wrong.StandardOutput.ReadToEndAsync(), error = wrong.StandardError.ReadToEndAsync();
        await wrong.WaitForExitAsync().WaitAsync(Patience);
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("Did you mean flume.store.block-cache-bytes?", await said + await error);
    }

    [Fact]
    public async Task The_plug_in_view_is_loaded_by_flume_and_sees_plain_events()
    {
        string built = feed.Build("PluginView");
        Assert.False(File.Exists(Path.Combine(built, "Flume.Views.dll")));
        using TempFolder folder = new();
        File.WriteAllText(folder["my.conf"],
            $"flume.views.plugins = [ {{ assembly = \"{built}/room-view.dll\", type = \"RoomView\" }} ]");
        string[] create = ["create", "sensors", "--kind", "events", "--data", folder["data"]];
        Assert.Equal(0, (await FlumeProcess.RunAsync(create)).ExitCode);
        await using FlumeProcess flume = FlumeProcess.Start("serve", "--data", folder["data"], "--config", folder["my.conf"],
            "--http", "127.0.0.1:0", "--muxrpc", "off", "--empty", "--json");
        JsonElement started = JsonDocument.Parse((await flume.ReadLineAsync())!).RootElement;
        using HttpClient http = new() { BaseAddress = new Uri(started.GetProperty("address").GetString()!) };
        (await http.PostAsync("/v1/sensors/log", new StringContent(
            "{\"room\":\"kitchen\",\"temperature\":21.5}\n{\"room\":\"kitchen\",\"temperature\":22}\n", Encoding.UTF8,
            "application/x-ndjson"))).EnsureSuccessStatusCode();
        string rows = await http.GetStringAsync("/v1/sensors/views/rooms/rows");
        Assert.Equal("""{"key":"kitchen","value":{"room":"kitchen","temperature":22}}""", rows.Trim());
    }

    [Fact]
    public void Whoever_takes_only_Flume_Log_gets_neither_RocksDB_nor_Akka_nor_libsodium()
    {
        Assert.Equal(["System.IO.Hashing"], DependenciesOf("Flume.Log"));
        foreach (string package in (string[])["Flume.Log", "Flume.Query", "Flume.Views", "Flume.Ssb", "Flume.Actors", "Flume.Testing"])
        {
            using ZipArchive zip = ZipFile.OpenRead(Path.Combine(feed.Packages, $"{package}.{feed.Version}.nupkg"));
            Assert.Contains(zip.Entries, entry => entry.FullName == "README.md");
            Assert.Contains(zip.Entries, entry => entry.FullName == $"lib/net10.0/{package}.xml");
            Assert.True(File.Exists(Path.Combine(feed.Packages, $"{package}.{feed.Version}.snupkg")), package);
            Assert.Contains("<license type=\"expression\">MIT</license>", Nuspec(zip));
        }
    }

    private static string FirstBlock()
    {
        string readme = File.ReadAllText(TempLog.RepositoryPath("README.md"));
        int begin = readme.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        return readme[begin..readme.IndexOf("```", begin, StringComparison.Ordinal)];
    }

    private List<string> DependenciesOf(string package)
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(feed.Packages, $"{package}.{feed.Version}.nupkg"));
        return [.. Nuspec(zip).Split("<dependency id=\"").Skip(1).Select(rest => rest[..rest.IndexOf('"')])];
    }

    private static string Nuspec(ZipArchive zip)
    {
        using StreamReader text = new(zip.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
        return text.ReadToEnd();
    }

    private static async Task<Uri> AddressAsync(Process web)
    {
        const string Said = "Now listening on: ";
        using CancellationTokenSource patience = new(Patience);
        while (await web.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            int at = line.IndexOf(Said, StringComparison.Ordinal);
            if (at >= 0) return new Uri(line[(at + Said.Length)..].Trim());
        }

        throw new InvalidOperationException($"The sample ended: {await web.StandardError.ReadToEndAsync()}");
    }

    private static async Task<string> DataAsync(StreamReader lines)
    {
        using CancellationTokenSource patience = new(Patience);
        while (await lines.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith("data:", StringComparison.Ordinal)) return line;
        throw new InvalidOperationException("The stream of events ended.");
    }
}
