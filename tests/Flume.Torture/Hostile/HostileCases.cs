namespace Flume.Torture.Hostile;

/// <summary>One way to attack.</summary>
/// <param name="Name">What the counts name it.</param>
/// <param name="Weight">How often, relative to the others.</param>
/// <param name="RunAsync">Does it once.</param>
internal sealed record HostileCase(string Name, int Weight, Func<Task> RunAsync);

/// <summary>All ways to attack a server.</summary>
internal static class HostileCases
{
    public static HostileCase[] Of(Attempt attempt, FlumeServer server, string data)
    {
        var http = new HttpAttacks(attempt, server);
        var json = new JsonAttacks(attempt, server);
        var muxrpc = new MuxrpcAttacks(attempt, Path.Combine(data, "identities", "me", "socket"));
        var peers = new HandshakeAttacks(attempt, server);
        var slow = new SlowClients(attempt, server);
        return
        [
            new("broken HTTP", 30, http.BrokenAsync), new("odd paths", 30, http.PathsAsync),
            new("pipelines", 3, http.PipelineAsync), new("JSON", 30, json.BodiesAsync),
            new("calls", 20, json.CallsAsync), new("queries", 20, json.QueriesAsync),
            new("invalid messages", 10, json.MessagesAsync), new("muxrpc packets", 30, muxrpc.PacketsAsync),
            new("muxrpc floods", 2, muxrpc.FloodAsync), new("handshakes", 20, peers.HandshakesAsync),
            new("strangers", 10, peers.StrangersAsync), new("slow clients", 1, slow.HoldAsync),
        ];
    }

    public static HostileCase Choose(HostileCase[] cases, Random random)
    {
        int at = random.Next(cases.Sum(one => one.Weight));
        return cases.First(one => (at -= one.Weight) < 0);
    }
}
