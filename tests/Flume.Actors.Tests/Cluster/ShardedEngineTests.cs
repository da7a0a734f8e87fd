using System.Net;
using System.Net.Sockets;
using Flume.Log;
using Flume.Ssb.Api;
using Xunit;

namespace Flume.Actors.Tests.Cluster;

[Trait("Category", "Slow")]
public sealed class ShardedEngineTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _directory = Directory.CreateTempSubdirectory("flume-sharded-").FullName;
    private readonly int _seed = FreePort();

    [Fact]
    public async Task An_identity_of_a_node_that_leaves_goes_on_at_another_with_all_that_was_acknowledged()
    {
        FlumeEngine first = Start("first", _seed);
        IIdentity there = await first.CreateAsync("alice").WaitAsync(Patience);
        Appended appended = await there.AppendAsync([Message], Durability.Os).AsTask().WaitAsync(Patience);
        await using FlumeEngine second = Start("second", FreePort());
        await first.StopAsync().WaitAsync(Patience);

        IIdentity here = await second.OpenAsync("alice").WaitAsync(Patience);

        Assert.Equal(appended.Last, here.Log.Head);
        Appended next = await here.AppendAsync([Message], Durability.Os).AsTask().WaitAsync(Patience);
        Assert.True(next.Last > appended.Last);
        using ViewRead read = await here.ReadAsync("hashmap", ReadFreshness.Fresh).AsTask().WaitAsync(Patience);
        Assert.Equal(next.Last, read.Since);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static ReadOnlyMemory<byte> Message => """{"key":"%a","value":{"author":"@a","content":{}}}"""u8.ToArray();

    private FlumeEngine Start(string node, int port) => FlumeEngine.Start(FlumeSettings.Parse($$"""
        akka {
          loglevel = OFF, stdout-loglevel = OFF
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
          cluster {
            seed-nodes = ["akka.tcp://flume@127.0.0.1:{{_seed}}"]
            sharding.state-store-mode = ddata
          }
        }
        flume { identities.open-within-ms = 150000, directory = "{{_directory}}", journal.file = "{{_directory}}/{{node}}.offset" }
        """, "test"));

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
