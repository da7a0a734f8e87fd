using System.CommandLine;
using System.Text;
using Flume.Query.Json;

namespace Flume.Host.Cli;

/// <summary><c>flume query</c>: runs map-filter-reduce over messages, and prints JSON lines or a table.</summary>
internal static class QueryVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string?> query = new("QUERY")
        {
            Description =
                "Stages as JSON: [{\"$filter\":…},{\"$map\":…},{\"$reduce\":…}]; read from --file, or standard " +
                "input, when left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> file = new("--file")
        {
            Description = "Read the stages from this file; - for standard input", HelpName = "FILE",
        };
        Option<bool> explain = new("--explain") { Description = "Print which index would answer, and why, instead" };
        Option<bool> table = new("--table") { Description = "Print a table of the results' members, no JSON lines" };
        Option<int?> limit = new("--limit") { Description = "At most so many results", HelpName = "N" };
        Option<bool> reverse = new("--reverse") { Description = "From the end of the index to its beginning" };
        Option<bool> live = new("--live") { Description = "Go on with what is appended, until Ctrl-C" };
        TargetOptions at = new(
            "Answer from this data directory, without a server", $"The server to ask ({Where.DefaultAddress})",
            "Whom to ask; may be left out when there is one identity only");
        Command command = new("query", "Ask with map-filter-reduce, as ssb-query does")
        {
            query, file, explain, table, limit, reverse, live,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)),
            new Request(
                Stages(parsed.GetValue(query), parsed.GetValue(file)), parsed.GetValue(explain), parsed.GetValue(table),
                at.Identity(parsed))
            {
                Limit = parsed.GetValue(limit), Reverse = parsed.GetValue(reverse), Live = parsed.GetValue(live),
            },
            at.Of(parsed), cancel));
        return command;
    }

    private static JsValue Stages(string? typed, string? file)
    {
        if (typed is not null && file is not null) throw VerbException.Usage("Give the query or --file, not both.");
        string text = typed ?? (file is null or "-" ? Console.In.ReadToEnd() : File.ReadAllText(file));
        JsValue stages = CallVerb.Parse(text);
        if (stages.IsArray) return stages;
        if (stages.IsObject && stages["query"].IsArray) return stages["query"];
        throw VerbException.Usage(
            "The query is no array of stages. Expected [{\"$filter\":…}, …], or {\"query\":[…]}.");
    }

    private static async Task<int> RunAsync(
        Output output, Request request, Target target, CancellationToken cancel)
    {
        if (request is { Table: true, Live: true })
            throw VerbException.Usage("A table has an end, --live has none: give one of them.");
        CallVerb.Request call = new(
            request.Explain ? "query.explain" : "query.read", request.Options(), request.Identity);
        if (!request.Table || output.IsJson)
        {
            using Stream lines = StandardOutput.Open();
            return await CallVerb.AnswerAsync(call, target, lines, cancel).ConfigureAwait(false);
        }

        using MemoryStream answer = new();
        await CallVerb.AnswerAsync(call, target, answer, cancel).ConfigureAwait(false);
        ResultTable.Print(output, [.. Lines(answer)]);
        return ExitCode.Ok;
    }

    private static IEnumerable<JsValue> Lines(MemoryStream answer)
    {
        answer.Position = 0;
        using StreamReader lines = new(answer);
        while (lines.ReadLine() is { } line) yield return JsValue.Parse(Encoding.UTF8.GetBytes(line));
    }

    private sealed record Request(JsValue Stages, bool Explain, bool Table, string? Identity)
    {
        public int? Limit { get; init; }

        public bool Reverse { get; init; }

        public bool Live { get; init; }

        public JsArray Options()
        {
            JsObject options = new JsObject().Set("query", Stages);
            if (Limit is { } limit) options.Set("limit", JsValue.From(limit));
            if (Reverse) options.Set("reverse", JsValue.True);
            if (Live) options.Set("live", JsValue.True).Set("sync", JsValue.From(false));
            return new JsArray().Add(JsValue.From(options));
        }
    }
}
