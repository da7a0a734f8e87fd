using System.Security.Cryptography;
using Akka.Configuration;
using Flume.Actors;
using Flume.Host.Muxrpc;
using Flume.Log;
using Flume.Muxrpc.Handshake;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Blobs;

namespace Flume.Replication.Tests;

/// <summary>A Flume with one identity that replicates, on a free port; its folder is gone afterwards.</summary>
internal sealed class FlumePeer : IAsyncDisposable
{
    private const string Quiet = "akka { loglevel = OFF, stdout-loglevel = OFF }";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FlumeEngine _engine;
    private readonly MuxrpcService _muxrpc;
    private readonly string _directory;

    private FlumePeer(
        string directory, FlumeEngine engine, MuxrpcService muxrpc, ReplicationService replication, IIdentity identity) =>
        (_directory, _engine, _muxrpc, Service, Identity) =
        (directory, engine, muxrpc, replication, identity);

    public ReplicationService Service { get; }

    public required NetworkKey Network { get; init; }

    public IIdentity Identity { get; }

    public string Id => Identity.Keys!.Id;

    public string Address => _muxrpc.AddressesOf(Identity).ToText().First(text => text.StartsWith("net:"));

    public ReplicationService.Hosted Hosted => Service.Of(Identity.Name)!;

    public static async Task<FlumePeer> StartAsync(string hocon = "", string? log = null)
    {
        string directory = Directory.CreateTempSubdirectory("flume-rep-").FullName;
        FlumeEngine engine =
            FlumeEngine.Start(FlumeSettings.Parse($"{Quiet}\nflume.directory = \"{directory}\"", "test"));
        SettingsReader reader = new(
            ConfigurationFactory.ParseString(
                $"flume.muxrpc.address = \"127.0.0.1:0\"\nflume.replication.enabled = on\n{hocon}"), "test",
            ConfigurationFactory.ParseString(FlumeSettings.BuiltInText()));
        MuxrpcSettings settings = MuxrpcSettings.Read(reader);
        ReplicationService replication = new(ReplicationSettings.Read(reader), settings.Network);
        MuxrpcService muxrpc = await MuxrpcService.StartAsync(
            settings, ReplicationApi.Over(BuiltInApi.Table, replication), static _ => { }, replication);
        IIdentity identity = log is null ? await engine.CreateAsync("me") : await ImportAsync(engine, directory, log);
        await replication.AttachAsync(engine, identity, muxrpc.ForPeers(identity));
        await muxrpc.ServeAsync(identity);
        return new FlumePeer(directory, engine, muxrpc, replication, identity) { Network = settings.Network };
    }

    /// <summary>Adds an identity to the same process. It shares the rest with this one.</summary>
    public async Task<FlumePeer> AddAsync(string name)
    {
        IIdentity identity = await _engine.CreateAsync(name);
        await Service.AttachAsync(_engine, identity, _muxrpc.ForPeers(identity));
        await _muxrpc.ServeAsync(identity);
        return new FlumePeer(_directory, _engine, _muxrpc, Service, identity) { Network = Network };
    }

    /// <summary>Opens an identity with a copy of a log and its secret.</summary>
    private static async Task<IIdentity> ImportAsync(FlumeEngine engine, string directory, string log)
    {
        string folder = Path.Combine(directory, "identities", "me");
        Directory.CreateDirectory(folder);
        foreach (string name in (string[])["log.offset", "secret"])
            File.Copy(Path.Combine(log, name), Path.Combine(folder, name));
        return await engine.OpenAsync("me");
    }

    /// <summary>Calls an API method as the owner.</summary>
    public async Task<JsValue> CallAsync(string method, params JsValue[] args)
    {
        ApiTable table = ReplicationApi.Over(BuiltInApi.Table, Service);
        Assert.True(table.TryGet(method, out ApiMethod found), method);
        return await found.Call!(new ApiCall(Identity, new JsArray(args), default));
    }

    public Task PostAsync(string text) => CallAsync("publish", JsValue.Parse(
        $$"""{"type":"post","text":{{JsValue.From(text).ToJson()}}}"""));

    public Task FollowAsync(string id) => CallAsync("publish", JsValue.Parse(
        $$"""{"type":"contact","contact":"{{id}}","following":true}"""));

    public Task BlockAsync(string id) => CallAsync("publish", JsValue.Parse(
        $$"""{"type":"contact","contact":"{{id}}","blocking":true}"""));

    public Task ConnectAsync(string address) => CallAsync("conn.connect", JsValue.From(address));

    /// <summary>Adds a blob of random bytes. Returns its id.</summary>
    public async Task<string> AddBlobAsync(int bytes) => await AddBlobAsync(RandomNumberGenerator.GetBytes(bytes));

    public async Task<string> AddBlobAsync(byte[] content) =>
        (await Blobs.AddAsync(new[] { (ReadOnlyMemory<byte>)content }.ToAsyncEnumerable(), null, default)).Id;

    public BlobStore Blobs => BlobStores.Of(Identity);

    /// <summary>Wants a blob and waits until it is here.</summary>
    public Task WantAsync(string id) => CallAsync("blobs.want", JsValue.From(id)).WaitAsync(Patience);

    public async Task<long> SequenceAsync(string feed)
    {
        JsValue newest = await CallAsync("getLatest", JsValue.From(feed));
        return newest.IsUndefined ? 0 : (long)newest["value"]["sequence"].AsNumber;
    }

    /// <summary>How many messages of a feed the log holds, each counted as often as it is there.</summary>
    public async Task<int> CountAsync(string feed)
    {
        Assert.True(BuiltInApi.Table.TryGet("createUserStream", out ApiMethod method));
        int count = 0;
        ApiCall call = new(Identity, new JsArray([JsValue.Parse($$"""{"id":"{{feed}}"}""")]), default);
        await foreach (JsValue _ in method.Open!(call)) count++;
        return count;
    }

    /// <summary>Waits until the log has a sequence of a feed, woken by the log's head.</summary>
    public async Task UntilAsync(string feed, long sequence)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            Offset head = Identity.Log.Head;
            long has = await SequenceAsync(feed);
            if (has >= sequence) return;
            try
            {
                await Identity.WaitForHeadAsync(head, patience.Token);
            }
            catch (OperationCanceledException)
            {
                JsValue state = await CallAsync("flume.replication");
                Assert.Fail($"{feed} is at {has}, expected {sequence}. {state.ToJson()}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _muxrpc.DisposeAsync();
        await Service.DisposeAsync();
        await _engine.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
