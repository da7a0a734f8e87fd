using System.Net;
using Akka.Configuration;
using Flume.Actors;
using Flume.Host.Muxrpc;
using Flume.Ssb.Api;

namespace Flume.TestKit;

/// <summary>An engine with all views, served over muxrpc on free ports from a temporary folder.</summary>
internal sealed class ServedEngine : IAsyncDisposable
{
    private const string Quiet = "akka { loglevel = OFF, stdout-loglevel = OFF }";

    private readonly FlumeEngine _engine;

    private ServedEngine(string directory, FlumeEngine engine, MuxrpcService service, List<string> notes) =>
        (Root, _engine, Service, Notes) = (directory, engine, service, notes);

    /// <summary>The data directory.</summary>
    public string Root { get; }

    public MuxrpcService Service { get; }

    /// <summary>The reported failures of the service.</summary>
    public List<string> Notes { get; }

    /// <summary>The address for secret handshakes.</summary>
    public IPEndPoint Address => Service.Address!;

    /// <summary>Test settings that override the built-in ones.</summary>
    public static MuxrpcSettings Settings(string hocon = "") => MuxrpcSettings.Read(new SettingsReader(
        ConfigurationFactory.ParseString($"flume.muxrpc.address = \"127.0.0.1:0\"\n{hocon}"), "test",
        ConfigurationFactory.ParseString(FlumeSettings.BuiltInText())));

    public static async Task<ServedEngine> StartAsync(string hocon = "")
    {
        string directory = Directory.CreateTempSubdirectory("flume-mux-").FullName;
        FlumeEngine engine =
            FlumeEngine.Start(FlumeSettings.Parse($"{Quiet}\nflume.directory = \"{directory}\"", "test"));
        List<string> notes = [];
        MuxrpcService service = await MuxrpcService.StartAsync(Settings(hocon), BuiltInApi.Table, notes.Add);
        return new ServedEngine(directory, engine, service, notes);
    }

    /// <summary>Serves a new identity.</summary>
    public async Task<IIdentity> CreateAsync(string name) => await ServeAsync(await _engine.CreateAsync(name));

    /// <summary>Serves the small log of the vectors.</summary>
    public async Task<IIdentity> ImportSmallAsync(string name)
    {
        string folder = Path.Combine(Root, "identities", name);
        Directory.CreateDirectory(folder);
        File.Copy(Vectors.Log, Path.Combine(folder, "log.offset"));
        File.Copy(Vectors.Secret, Path.Combine(folder, "secret"));
        return await ServeAsync(await _engine.OpenAsync(name));
    }

    /// <summary>The unix socket of an identity.</summary>
    public string SocketPath(string name) => Path.Combine(Root, "identities", name, "socket");

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await _engine.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    private async Task<IIdentity> ServeAsync(IIdentity identity)
    {
        await Service.ServeAsync(identity);
        return identity;
    }
}
