using System.Buffers;
using System.CommandLine;
using System.Net.Http;
using Flume.Query.Json;

namespace Flume.Host.Cli;

/// <summary><c>flume call</c>: makes one API call and prints its answer as JSON or JSON lines.</summary>
internal static class CallVerb
{
    public static Command Create()
    {
        Argument<string> method = new("METHOD")
        {
            Description = "The API method, e.g. get or backlinks.read; 'call help' lists all",
        };
        Argument<string[]> args = new("JSON")
        {
            Description = "Its arguments, each a JSON value: '\"%…=.sha256\"', '{\"limit\":10}'",
            Arity = ArgumentArity.ZeroOrMore,
        };
        TargetOptions at = new(
            "Answer from this data directory, without a server", $"The server to ask ({Where.DefaultAddress})",
            "Whom to ask; may be left out when there is one identity only");
        Command command = new("call", "Call an API method and print its answer as JSON, a source's items as JSON lines")
        {
            method, args,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            new Request(parsed.GetValue(method)!, Args(parsed.GetValue(args) ?? []), at.Identity(parsed)),
            at.Of(parsed), cancel));
        return command;
    }

    /// <summary>Calls a server, or opens a directory, and writes the answer as JSON lines.</summary>
    public static Task<int> AnswerAsync(Request request, Target target, Stream output, CancellationToken cancel) =>
        target.IsServer
            ? AskAsync(request, (target.Server, output), cancel)
            : OfflineCall.RunAsync(request, target.Directory, output, cancel);

    /// <summary>Parses a JSON argument.</summary>
    /// <exception cref="VerbException">The argument is not JSON.</exception>
    public static JsValue Parse(string typed)
    {
        try
        {
            return JsValue.ParseWhole(System.Text.Encoding.UTF8.GetBytes(typed));
        }
        catch (JsSyntaxException error)
        {
            throw VerbException.Usage(
                $"'{typed}' is no JSON: {error.Message} " +
                "Strings need double quotes inside the shell's: '\"%…\"'.");
        }
    }

    /// <summary>The answer of a server to a call, as text.</summary>
    internal static async Task<string> AnswerAsync(Request request, Uri server, CancellationToken cancel)
    {
        using MemoryStream answer = new();
        await AskAsync(request, (server, answer), cancel).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString(answer.ToArray());
    }

    private static async Task<int> RunAsync(Request request, Target target, CancellationToken cancel)
    {
        using Stream output = StandardOutput.Open();
        return await AnswerAsync(request, target, output, cancel).ConfigureAwait(false);
    }

    private static JsArray Args(string[] typed)
    {
        JsArray args = new();
        foreach (string arg in typed) args.Add(Parse(arg));
        return args;
    }

    /// <summary>Copies a server's answer to the output.</summary>
    internal static async Task<int> AskAsync(
        Request request, (Uri Server, Stream Output) place, CancellationToken cancel)
    {
        using ServerClient server = new(place.Server);
        string name = request.Identity ??
            Where.Choose(null, await server.NamesAsync(cancel).ConfigureAwait(false), $"The server at {place.Server}");
        JsArray path = new(request.Method.Split('.').Select(part => JsValue.From(part)));
        JsValue call = JsValue.From(
            new JsObject().Set("name", JsValue.From(path)).Set("args", JsValue.From(request.Args)));
        ArrayBufferWriter<byte> body = new();
        call.WriteTo(body);
        string route = $"/v1/{Uri.EscapeDataString(name)}/rpc";
        using HttpResponseMessage response = await server.PostAsync(
            route, body.WrittenSpan.ToArray(), cancel).ConfigureAwait(false);
        using Stream items = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        await items.CopyToAsync(place.Output, cancel).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    /// <summary>The parsed command line.</summary>
    internal sealed record Request(string Method, JsArray Args, string? Identity);
}
