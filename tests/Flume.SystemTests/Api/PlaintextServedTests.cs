using System.Net.Http;
using System.Text;
using System.Text.Json;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.SystemTests.Api;

/// <summary>What was in a box does not leave a served directory by any address that was not asked for it.</summary>
public sealed class PlaintextServedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_address_gives_plaintext_unasked()
    {
        (string Key, string Text)[] boxes = Boxes();
        Assert.NotEmpty(boxes);
        using TempFolder folder = new();
        await using FlumeProcess flume = FlumeProcess.Start("serve", "--data", folder.Path, "--http", "127.0.0.1:0", "--json");
        string? line = await flume.ReadLineAsync();
        if (line is null) Assert.Fail(await flume.ErrorAsync());
        using JsonDocument told = JsonDocument.Parse(line);
        using HttpClient http = new() { BaseAddress = new Uri(told.RootElement.GetProperty("address").GetString()!), Timeout = Patience };

        AssertClosed(await http.GetStringAsync("/v1/sample/log"), boxes);
        AssertClosed(await http.GetStringAsync("/v1/sample/views"), boxes);
        AssertClosed(await http.GetStringAsync("/v1/identities"), boxes);
        foreach ((string key, string text) in boxes.Take(10))
        {
            string address = $"/v1/sample/messages/{Uri.EscapeDataString(key)}";
            AssertClosed(await http.GetStringAsync(address), boxes);
            Assert.Contains(text, await http.GetStringAsync($"{address}?private=true"), StringComparison.Ordinal);
        }
        using StringContent call = new("""{"name":["createLogStream"],"args":[]}""", Encoding.UTF8, "application/json");
        AssertClosed(await (await http.PostAsync("/v1/sample/rpc", call)).Content.ReadAsStringAsync(), boxes);
    }

    private static void AssertClosed(string answer, IEnumerable<(string Key, string Text)> boxes) =>
        Assert.DoesNotContain(boxes, box => answer.Contains(box.Text, StringComparison.Ordinal));

    /// <summary>
    /// The private messages of the sample that its identity can read, with a text of each that stands nowhere else.
    /// </summary>
    private static (string Key, string Text)[] Boxes()
    {
        using TempFolder folder = new();
        using LocalIdentity identity = new(folder["copy"], Vectors.Log, SecretFile.Read(Vectors.Secret));
        List<(string, string)> found = [];
        foreach (Flume.Log.LogRecord record in identity.Log.Read(Flume.Log.LogRange.All))
        {
            JsValue message = MessageView.Decrypt(JsValue.Parse(record.Payload.ToArray()), identity.Boxes!);
            JsValue text = message["value"]["content"]["text"];
            if (message["value"]["private"].IsTruthy && text is { IsString: true, AsString.Length: > 12 })
                found.Add((message["key"].AsString, text.ToJson()));
        }
        return [.. found];
    }
}
