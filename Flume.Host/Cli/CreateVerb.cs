using System.CommandLine;
using System.Text.Json;
using Flume.Actors;
using Flume.Host.Serving;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Host.Cli;

/// <summary><c>flume create</c>: makes an identity, at a server or in a data directory that no server has.</summary>
internal static class CreateVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string> name = new("NAME") { Description = "The name: lower-case letters, digits and dashes" };
        Option<string> kind = new("--kind")
        {
            Description = "events: any JSON, no key pair. ssb: a Scuttlebutt feed with a key pair and nine views",
            HelpName = "KIND",
            DefaultValueFactory = _ => "ssb",
        };
        Option<string?> http = Where.Http($"The server to ask ({Where.DefaultAddress})");
        Option<string?> data = Where.Data("Make it in this data directory, without a server");
        Command command = new("create", "Make an identity with an empty log") { name, kind, http, data };
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)), (parsed.GetValue(name)!, KindOf(parsed.GetValue(kind)!)),
            (parsed.GetValue(http), parsed.GetValue(data)), cancel));
        return command;
    }

    private static IdentityKind KindOf(string word) => IdentityKinds.TryParse(word, out IdentityKind kind)
        ? kind
        : throw VerbException.Usage($"--kind {word} is no kind of identity. Expected events or ssb.");

    private static async Task<int> RunAsync(
        Output output, (string Name, IdentityKind Kind) asked, (string? Http, string? Data) place,
        CancellationToken cancel)
    {
        if (place is { Http: not null, Data: not null }) throw VerbException.Usage("Give --http or --data, not both.");
        DataDirectory.CheckName(asked.Name);
        string? id = place.Data is { } directory
            ? Make(DirectoryKind.Creatable(directory), asked)
            : await AskAsync(Where.Server(place.Http), asked, cancel).ConfigureAwait(false);
        if (output.IsJson)
        {
            output.Document(json =>
            {
                json.WriteStartObject();
                json.WriteString("name", asked.Name);
                json.WriteString("kind", asked.Kind.ToWord());
                json.WriteString("id", id);
                json.WriteEndObject();
            });
        }
        else output.Line($"{asked.Name}: {asked.Kind.ToWord()}{(id is null ? "" : $", {id}")}");
        return ExitCode.Ok;
    }

    private static string? Make(DataDirectory data, (string Name, IdentityKind Kind) asked)
    {
        using DirectoryLock claim = DirectoryLock.Take(data.Path);
        IdentityFiles files = data.Identity(asked.Name);
        if (Directory.Exists(files.Own))
            throw new VerbException(ExitCode.Failed, $"{files.Own} exists already. Choose another name.");
        string? id = asked.Kind == IdentityKind.Ssb ? SecretFile.ReadOrCreate(files.Secret).Id : null;
        if (id is null) IdentityKindFile.Write(files, asked.Kind);
        using (Flume.Log.OffsetLog.Open(files.Log))
        {
        }

        return id;
    }

    private static async Task<string?> AskAsync(
        Uri address, (string Name, IdentityKind Kind) asked, CancellationToken cancel)
    {
        using ServerClient server = new(address);
        string route = $"/v1/identities/{Uri.EscapeDataString(asked.Name)}?kind={asked.Kind.ToWord()}";
        using HttpResponseMessage response = await server.PostAsync(route, [], cancel).ConfigureAwait(false);
        using Stream body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        using JsonDocument made = await JsonDocument.ParseAsync(body, Http.JsonText.Deep, cancel).ConfigureAwait(false);
        return made.RootElement.GetProperty("id").GetString();
    }
}
