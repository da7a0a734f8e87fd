using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Flume.Query.Json;

namespace Flume.Host.Cli;

/// <summary><c>flume invite create|list|revoke|accept</c>: invites of an identity, and of other pubs.</summary>
internal static class InviteVerb
{
    public static Command Create() =>
        new("invite", "Create, list, revoke and accept invites") { New(), List(), Revoke(), Accept() };

    private static Command New()
    {
        Option<int> uses = new("--uses")
        {
            Description = "How often the code may be used", DefaultValueFactory = static _ => 1,
        };
        Option<string?> note = new("--note")
        {
            Description = "A text for the contact messages that uses of the code publish",
        };
        Option<string?> external = new("--external")
        {
            Description = "The host as others reach it (flume.replication.external, else that of flume.muxrpc.address)",
        };
        Command command = new("create", "Print a code with which others become followers of the identity")
        {
            uses, note, external,
        };
        return OnServer(command, parsed =>
        {
            JsObject options = new JsObject().Set("uses", JsValue.From(parsed.GetValue(uses)));
            if (parsed.GetValue(note) is { } text) options.Set("note", JsValue.From(text));
            if (parsed.GetValue(external) is { } host) options.Set("external", JsValue.From(host));
            return ("invite.create", JsValue.From(options));
        }, static (output, answer) => output.Line(answer.GetString()!));
    }

    private static Command List() => OnServer(
        new Command("list", "List the invites with their uses"), static _ => ("flume.invites", null),
        static (output, answer) =>
        {
            TextTable table = new("id", ">uses", ">used", "?created", "note");
            foreach (JsonElement invite in answer.EnumerateArray())
            {
                long at = invite.GetProperty("createdAt").GetInt64();
                DateTimeOffset created = DateTimeOffset.FromUnixTimeMilliseconds(at);
                table.Add(
                    invite.GetProperty("id").GetString()!, Units.Count(invite.GetProperty("uses").GetInt32()),
                    Units.Count(invite.GetProperty("used").GetInt32()),
                    created.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture),
                    invite.GetProperty("note").GetString() ?? "");
            }

            table.Print(output);
        });

    private static Command Revoke()
    {
        Argument<string> id = new("ID") { Description = "The id of the invite; 'invite list' lists them" };
        return OnServer(
            new Command("revoke", "Remove an invite, so that its code is refused") { id },
            parsed => ("flume.revokeInvite", JsValue.From(parsed.GetValue(id)!)),
            static (output, _) => output.Line("revoked"));
    }

    private static Command Accept()
    {
        Argument<string> code = new("CODE") { Description = "The code of a pub" };
        return OnServer(
            new Command("accept", "Follow a pub that then follows the identity") { code },
            parsed => ("invite.accept", JsValue.From(parsed.GetValue(code)!)),
            static (output, answer) => output.Line($"accepted; {answer.GetArrayLength()} messages published"));
    }

    /// <summary>Adds the options of the server, and prints the answer of one call.</summary>
    private static Command OnServer(
        Command command, Func<ParseResult, (string Method, JsValue? Argument)> ask, Action<Output, JsonElement> print)
    {
        Option<string?> identity = Where.Identity("Whose invites; may be left out when there is one identity only");
        Option<string?> http = Where.Http($"The server ({Where.DefaultAddress})");
        command.Options.Add(identity);
        command.Options.Add(http);
        command.SetAction(async (parsed, cancel) =>
        {
            (string method, JsValue? argument) = ask(parsed);
            JsArray args = argument is { } one ? new JsArray([one]) : new JsArray();
            string answer = await CallVerb.AnswerAsync(
                new CallVerb.Request(method, args, parsed.GetValue(identity)), Where.Server(parsed.GetValue(http)),
                cancel).ConfigureAwait(false);
            Output output = new(parsed.GetValue(CommandLine.Json));
            using JsonDocument document = JsonDocument.Parse(answer);
            if (output.IsJson) output.Line(answer.TrimEnd());
            else print(output, document.RootElement);
            return ExitCode.Ok;
        });
        return command;
    }
}
