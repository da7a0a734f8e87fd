using System.CommandLine;
using Flume.Host.Serving;
using Flume.Log;
using Flume.Muxrpc.Transports;

namespace Flume.Host.Cli;

/// <summary><c>flume serve</c>: runs the service until SIGTERM or Ctrl-C.</summary>
internal static class ServeVerb
{
    public const string Name = "serve";

    // Programs that wait for the line expect sockets and manifests. Many identities open for longer, and
    // answer already.
    private static readonly TimeSpan AnnounceWithin = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        Option<string?> data = Where.Data($"The data directory, made when missing ({Where.DefaultData})");
        Option<string?> http = Where.Http($"Where to listen ({Where.DefaultAddress}); port 0 selects a free one");
        Option<string?> config = new("--config")
        {
            Description = "HOCON over the built-in flume.conf", HelpName = "FILE",
        };
        Option<bool> empty = new("--empty")
        {
            Description = "Leave a data directory without identities empty: import no sample log",
        };
        Option<string?> ssb = new("--ssb")
        {
            Description = "Serve a classic ssb directory in place: its log and secret, our views under flume-net/",
            HelpName = "DIR",
        };
        Option<string?> muxrpc = new("--muxrpc")
        {
            Description = "Where to answer Scuttlebutt programs (127.0.0.1:8008), or off",
            HelpName = "IP:PORT",
        };
        Option<bool> follow = new("--follow")
        {
            Description = "Only read the logs, also while another process writes them",
        };
        Command command = new(
            Name,
            "Serve the identities of a data directory over HTTP and to Scuttlebutt programs, and keep their views up " +
            "to date")
        {
            data, http, muxrpc, config, empty, ssb, follow,
        };
        command.SetAction(parsed => RunAsync(new Output(parsed.GetValue(CommandLine.Json)), new Request(
            parsed.GetValue(data), parsed.GetValue(http), parsed.GetValue(config), parsed.GetValue(ssb),
            parsed.GetValue(empty), parsed.GetValue(follow), parsed.GetValue(muxrpc))));
        return command;
    }

    private static async Task<int> RunAsync(Output output, Request request)
    {
        using StopSignal stop = new();
        await using ServiceManager manager = ServiceManager.OfThisProcess();
        using CancellationTokenRegistration stopping = stop.Token.Register(manager.Stopping);
        ServiceOptions options = request.Options() with { IsQuiet = output.IsWatched };
        if (options.Classic is null && !request.Empty && !options.Follow)
            ImportSample(output, options);
        try
        {
            await using FlumeService service = await FlumeService.StartAsync(
                options, text => output.Note($"flume: {text}"), stop.Token).ConfigureAwait(false);
            Task<IReadOnlyList<string>> opening = service.OpenAllAsync(stop.Token);
            await Task.WhenAny(opening, Task.Delay(AnnounceWithin, stop.Token)).ConfigureAwait(false);
            Announce(output, service, options);
            manager.Ready($"Serving at {service.Address}", async gone =>
                await service.Identities.NamesAsync(gone).ConfigureAwait(false));
            foreach (string refused in await opening.ConfigureAwait(false)) output.Note($"flume: {refused}");
            await CatchUpBars.ShowAsync(output, service.Identities, stop.Token).ConfigureAwait(false);
            if (await Task.WhenAny(stop.Signalled, service.EndedAsync()).ConfigureAwait(false) != stop.Signalled)
                throw new VerbException(ExitCode.Failed, "The engine ended by itself; its log says why.");
            if (output.IsWatched) output.Note("flume: stopping");
        }
        catch (LogLockedException error)
        {
            throw new VerbException(ExitCode.Held, $"{error.Message} With --follow flume only reads it.", error);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // The signal came during the start; everything that had started is closed.
        }

        return ExitCode.Ok;
    }

    private static void ImportSample(Output output, ServiceOptions options)
    {
        DataDirectory data = new(options.Directory);
        if (data.HasIdentities) return;
        FlumeService.Check(options);
        LogImportReport report = SampleLog.Import(data);
        output.Note(
            $"{data.Path} holds no identities: imported the sample log " +
            $"({Units.Count(report.Records)} messages, synthetic) as identity '{SampleLog.Identity}'. " +
            "Use --empty to skip this.");
    }

    private static void Announce(Output output, FlumeService service, ServiceOptions options)
    {
        string address = service.Address.ToString().TrimEnd('/');
        string? muxrpc = service.MuxrpcAddress is { } shs ? $"{MultiserverAddress.Net(shs)}~shs" : null;
        if (!output.IsJson)
        {
            output.Line(
                $"flume {FlumeVersion.Own} serves {options.Classic ?? options.Directory} at {address}" +
                $"{(muxrpc is null ? "" : $" and {muxrpc}")}");
            return;
        }

        output.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("address", address);
            json.WriteString("muxrpc", muxrpc);
            json.WriteString("directory", Path.GetFullPath(options.Classic ?? options.Directory));
            json.WriteNumber("pid", Environment.ProcessId);
            json.WriteEndObject();
        });
    }

    private sealed record Request(
        string? Data, string? Http, string? Config, string? Ssb, bool Empty, bool Follow, string? Muxrpc)
    {
        public ServiceOptions Options()
        {
            if (Data is not null && Ssb is not null) throw VerbException.Usage("Give --data or --ssb, not both.");
            return new ServiceOptions(
                Ssb is null ? DirectoryOf(Data ?? Where.DefaultData) : DirectoryKind.Classic(Ssb).Path,
                Http is null ? null : Where.Listen(Http), Config, Ssb, Follow)
            {
                Muxrpc = Muxrpc,
            };
        }

        private static string DirectoryOf(string typed)
        {
            DirectoryKind.Creatable(typed);
            return typed;
        }
    }
}
