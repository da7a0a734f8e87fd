using System.Net.Http;
using System.Text.Json;
using Flume.TestKit;

namespace Flume.Host.Tests.Admin;

/// <summary>A client of <c>/v1/events</c> that reads each event within a deadline.</summary>
internal sealed class EventClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventClient(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _reader = new StreamReader(body);
    }

    /// <summary>Opens the stream.</summary>
    public static async Task<EventClient> OpenAsync(ServedSite site, string query = "?identity=alice")
    {
        HttpResponseMessage response = await site.Client.GetAsync(
            $"/v1/events{query}", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventClient(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        string name = "";
        while (await _reader.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return (name, JsonDocument.Parse(line[6..]).RootElement);
        }

        return null;
    }

    /// <summary>The events up to the first match, inclusive.</summary>
    public async Task<List<(string Name, JsonElement Data)>> UntilAsync(Func<string, JsonElement, bool> isIt)
    {
        List<(string, JsonElement)> seen = [];
        using CancellationTokenSource patience = new(Patience);
        while (await NextAsync() is { } next)
        {
            seen.Add(next);
            if (isIt(next.Name, next.Data)) return seen;
            if (patience.IsCancellationRequested) break;
        }

        Assert.Fail($"It did not come among {seen.Count} events: {string.Join(", ", seen.Select(each => each.Item1))}.");
        return seen;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
