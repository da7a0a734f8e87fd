using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Actors.Tests.ClientViews;

/// <summary>A client of the view 'counted'.</summary>
internal sealed class Client : IAsyncDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly RegisteredRig _calls;
    private readonly IAsyncEnumerator<JsValue> _feed;

    private Client(RegisteredRig calls, int version)
    {
        _calls = calls;
        _feed = calls.Open("views.feed", _gone.Token, "\"counted\"", $"{version}").GetAsyncEnumerator(_gone.Token);
    }

    public double Epoch { get; private set; }

    public double Since { get; private set; }

    public double Sent { get; private set; }

    public JsValue State { get; private set; }

    public static async Task<Client> ComeAsync(RegisteredRig calls, int version = 1)
    {
        Client client = new(calls, version);
        client.Begin(await client.NextAsync());
        return client;
    }

    public Task<JsValue> NextAsync() => RegisteredRig.NextAsync(_feed);

    public void Begin(JsValue start) =>
        (Epoch, Since, State) = (start["turn"].AsNumber, start["since"].AsNumber, start["state"]);

    public void Take(JsValue batch)
    {
        Assert.Equal(Epoch, batch["turn"].AsNumber);
        Sent = batch["since"].AsNumber;
    }

    public async Task<JsValue> BatchAsync()
    {
        JsValue batch = await NextAsync();
        Take(batch);
        return batch;
    }

    public async Task CommitAsync(
        string state, double? epoch = null, double? after = null, double? since = null, string rows = "[]")
    {
        await _calls.CallAsync("views.commit", "\"counted\"",
            $$"""{"turn":{{epoch ?? Epoch}},"after":{{after ?? Since}},"since":{{since ?? Sent}},"state":{{state}},"rows":{{rows}}}""");
        Since = since ?? Sent;
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        try
        {
            while (await _feed.MoveNextAsync())
            {
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ApiException or NotSupportedException)
        {
        }
    }
}
