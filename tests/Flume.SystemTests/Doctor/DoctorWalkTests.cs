using System.Text.Json;
using Flume.TestKit;

namespace Flume.SystemTests.Doctor;

/// <summary>The whole way with the real program: import, serve, break, doctor, fix, healthy, the same answers.</summary>
public sealed class DoctorWalkTests
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples");

    [Fact]
    public async Task What_broke_is_mended_without_discarding_a_byte_and_the_answers_are_the_same()
    {
        using TempFolder folder = new();
        string data = folder["data"], log = folder["data", "identities", "me", "log.offset"];
        await JsonAsync(0, "import", Path.Combine(Samples, "log.offset"), "--identity", "me", "--data", data,
            "--secret", Path.Combine(Samples, "secret"));
        string[] question = ["call", "createLogStream", "{\"limit\":1000}", "--data", data];
        string before = (await FlumeProcess.RunAsync(question)).Output;
        byte[] sound = await File.ReadAllBytesAsync(log);
        Assert.True((await JsonAsync(0, "doctor", "--data", data, "--ids", "--rows")).GetProperty("healthy").GetBoolean());

        await CrashAsync(data);
        Break(folder, sound);

        JsonElement found = await JsonAsync(3, "doctor", "--data", data, "--ids");
        Assert.Equal(
            ["boxes-damaged", "left-over", "left-over", "left-over", "log-byte-changed", "log-torn", "secret-readable",
                "store-damaged", "store-missing"],
            found.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()).Order());
        Assert.All(found.GetProperty("findings").EnumerateArray(), finding =>
            Assert.True(finding.GetProperty("canFix").GetBoolean()));

        JsonElement mended = await JsonAsync(0, "doctor", "--data", data, "--ids", "--fix");
        Assert.All(mended.GetProperty("treated").EnumerateArray(), treated =>
            Assert.Equal(JsonValueKind.Null, treated.GetProperty("failure").ValueKind));
        string aside = mended.GetProperty("setAside").GetString()!;
        Assert.Equal(
            mended.GetProperty("treated").GetArrayLength() - 1, // the rows that were derived anew came from nowhere
            File.ReadAllLines(Path.Combine(aside, "list.txt")).Length);
        Assert.True(Directory.Exists(Path.Combine(aside, "identities", "me", "views", "links")));
        Assert.True(File.Exists(Path.Combine(aside, "identities", "me", "log.offset.importing")));

        Assert.True((await JsonAsync(0, "doctor", "--data", data, "--ids", "--rows")).GetProperty("healthy").GetBoolean());
        Assert.Equal(sound, await File.ReadAllBytesAsync(log));
        Assert.Equal(before, (await FlumeProcess.RunAsync(question)).Output);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(folder["data", "identities", "me", "secret"]));
    }

    [Fact]
    public async Task A_byte_that_no_checksum_covers_is_found_by_the_hash_of_its_message()
    {
        using TempFolder folder = new();
        string data = folder["data"], log = folder["data", "identities", "me", "log.offset"];
        await JsonAsync(0, "import", Path.Combine(Samples, "log.offset"), "--identity", "me", "--data", data);
        byte[] sound = await File.ReadAllBytesAsync(log);
        byte[] changed = [.. sound];
        changed[^300] ^= 0x11; // inside the last message
        await File.WriteAllBytesAsync(log, changed);

        JsonElement found = await JsonAsync(3, "doctor", "--data", data, "--ids");
        Assert.Equal("message-byte-changed", found.GetProperty("findings")[0].GetProperty("code").GetString());
        await JsonAsync(0, "doctor", "--data", data, "--ids", "--fix");
        Assert.Equal(sound, await File.ReadAllBytesAsync(log));
    }

    [Fact]
    public async Task Damage_that_nothing_tells_how_to_mend_is_left_as_it_is()
    {
        using TempFolder folder = new();
        string data = folder["data"], log = folder["data", "identities", "me", "log.offset"];
        await JsonAsync(0, "import", Path.Combine(Samples, "log.offset"), "--identity", "me", "--data", data);
        byte[] changed = await File.ReadAllBytesAsync(log);
        for (int i = 0; i < 50; i++) changed[300_000 + (i * 3)] ^= 0x55;
        await File.WriteAllBytesAsync(log, changed);

        JsonElement found = await JsonAsync(3, "doctor", "--data", data, "--fix");
        Assert.Contains(found.GetProperty("findings").EnumerateArray(), finding =>
            finding.GetProperty("code").GetString() == "log-damaged" && !finding.GetProperty("canFix").GetBoolean());
        Assert.Equal(changed, await File.ReadAllBytesAsync(log));
    }

    [Fact]
    public async Task A_directory_that_a_service_holds_is_looked_at_and_never_mended()
    {
        using TempFolder folder = new();
        await using FlumeProcess server = FlumeProcess.Start("serve", "--data", folder.Path, "--http", "127.0.0.1:0", "--json");
        Assert.NotNull(await server.ReadLineAsync());
        JsonElement looked = await JsonAsync(0, "doctor", "--data", folder.Path);
        Assert.Contains("which answers at", looked.GetProperty("heldBy").GetString());
        (int exit, _, string error) = await FlumeProcess.RunAsync("doctor", "--data", folder.Path, "--fix");
        Assert.Equal(4, exit);
        Assert.Contains("in use by", error);
        Assert.False(Directory.Exists(folder["set-aside"]));
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
    }

    /// <summary>A service that gets no chance to stop.</summary>
    private static async Task CrashAsync(string data)
    {
        await using FlumeProcess server = FlumeProcess.Start("serve", "--data", data, "--http", "127.0.0.1:0", "--json");
        Assert.NotNull(await server.ReadLineAsync());
        server.Crash();
        await server.EndAsync();
    }

    private static void Break(TempFolder folder, byte[] sound)
    {
        string[] me = ["data", "identities", "me"];
        byte[] changed = [.. sound, .. "no whole record"u8];
        changed[400_000] ^= 0x5a;
        File.WriteAllBytes(folder[[.. me, "log.offset"]], changed);
        string links = folder[[.. me, "views", "links"]], feeds = folder[[.. me, "views", "feeds"]];
        foreach (string table in Directory.GetFiles(links, "*.sst", SearchOption.AllDirectories)) File.Delete(table);
        foreach (string store in Directory.GetDirectories(feeds)) Directory.Delete(store, recursive: true);
        Directory.CreateDirectory(Path.Combine(feeds, "store-000077"));
        File.WriteAllText(Path.Combine(feeds, "CURRENT.new"), "store-0000");
        File.WriteAllText(folder[[.. me, "log.offset.importing"]], "half");
        string boxes = Assert.Single(Directory.GetFiles(folder[me], "boxes-*"));
        File.AppendAllText(boxes, "half a batch");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder[[.. me, "secret"]], (UnixFileMode)Convert.ToInt32("644", 8));
    }

    private static async Task<JsonElement> JsonAsync(int exit, params string[] args)
    {
        (int code, string output, string error) = await FlumeProcess.RunAsync([.. args, "--json"]);
        Assert.True(code == exit, $"flume {string.Join(' ', args)} ended with {code}: {error}{output}");
        return JsonDocument.Parse(output).RootElement;
    }
}
