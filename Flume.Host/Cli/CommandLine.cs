using System.CommandLine;
using System.CommandLine.Help;

namespace Flume.Host.Cli;

/// <summary>The command line: its verbs, and the handling of mistakes and errors.</summary>
internal static class CommandLine
{
    /// <summary>Print JSON instead of text; a common option of all verbs.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print JSON for programs, errors included",
        Recursive = true,
    };

    // Ids of feeds begin with '@', which is no name of a file with arguments.
    internal static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the verb that the arguments name; returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        TextWriter results = Output.Claim();
        ParseResult parsed = Parsed(args).Parse(args, Parsing);
        Output output = new(parsed.GetValue(Json));
        if (parsed.Errors.Count > 0) return Misused(parsed, output);
        try
        {
            return await parsed.InvokeAsync(Invocation(parsed, results)).ConfigureAwait(false);
        }
        catch (Exception error) when (Failure.IsOutputClosed(error))
        {
            return ExitCode.OutputClosed;
        }
        catch (Exception error)
        {
            VerbException ended = Failure.Of(error);
            output.Error(ended);
            return ended.ExitCode;
        }
    }

    /// <summary>Every verb by its name, in the order of the help.</summary>
    internal static readonly (string Name, Func<Command> Create)[] Verbs =
    [
        (ServeVerb.Name, ServeVerb.Create),
        ("create", CreateVerb.Create),
        ("import", ImportVerb.Create),
        ("export", ExportVerb.Create),
        ("rebuild", RebuildVerb.Create),
        ("verify", VerifyVerb.Create),
        ("check", CheckVerb.Create),
        ("doctor", DoctorVerb.Create),
        ("backup", BackupVerb.Create),
        ("restore", RestoreVerb.Create),
        ("status", StatusVerb.Create),
        ("views", ViewsVerb.Create),
        ("reopen", ReopenVerb.Create),
        ("peers", PeersVerb.Create),
        ("invite", InviteVerb.Create),
        ("blobs", BlobsVerb.Create),
        ("tail", TailVerb.Create),
        ("query", QueryVerb.Create),
        ("sql", SqlVerb.Create),
        ("call", CallVerb.Create),
        ("generate", GenerateVerb.Create),
        ("version", VersionVerb.Create),
        ("completions", () => CompletionsVerb.Create(Root)),
    ];

    /// <summary>The command to parse: the first argument's verb alone, unless help is requested.</summary>
    /// <remarks>Construction of all verbs and the help takes longer than many verbs run.</remarks>
    private static Command Parsed(string[] args)
    {
        if (args.Length == 0 || Array.Exists(args, arg => arg is "-h" or "--help" or "-?" or "/h" or "/?"))
            return Root();
        (string Name, Func<Command> Create) named = Array.Find(Verbs, verb => verb.Name == args[0]);
        return named.Name is null ? Root() : new Command("flume") { named.Create(), Json };
    }

    /// <summary>All verbs.</summary>
    private static RootCommand Root()
    {
        RootCommand root = new("Flume: an append-only log with views that can be thrown away and derived again.");
        foreach ((_, Func<Command> create) in Verbs) root.Subcommands.Add(create());
        root.Options.Add(Json);
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help }) option.Action = new ExitCodesHelp(help);
        }

        return root;
    }

    /// <summary>The server has its own stop order; Ctrl-C and SIGTERM cancel every other verb.</summary>
    private static InvocationConfiguration Invocation(ParseResult parsed, TextWriter results) => new()
    {
        Output = results,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = parsed.CommandResult.Command.Name == ServeVerb.Name
            ? null
            : TimeSpan.FromSeconds(5),
    };

    private static int Misused(ParseResult parsed, Output output)
    {
        output.Error(VerbException.Usage(UsageErrors.Of(parsed)));
        return ExitCode.Usage;
    }
}
