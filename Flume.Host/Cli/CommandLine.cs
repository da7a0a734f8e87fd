using System.CommandLine;
using System.CommandLine.Help;

namespace Flume.Host.Cli;

/// <summary>The command line: which verbs there are, and what becomes of mistakes and errors.</summary>
internal static class CommandLine
{
    /// <summary>Print JSON for programs instead of text for people; every verb has it.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print JSON for programs, errors included",
        Recursive = true,
    };

    /// <summary>Runs the verb that the arguments name; returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        TextWriter results = Output.Claim();
        ParseResult parsed = Root().Parse(args);
        Output output = new(parsed.GetValue(Json));
        if (parsed.Errors.Count > 0) return Misused(parsed, output);
        try
        {
            return await parsed.InvokeAsync(Invocation(parsed, results)).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            VerbException ended = Failure.Of(error);
            output.Error(ended);
            return ended.ExitCode;
        }
    }

    /// <summary>All verbs.</summary>
    private static RootCommand Root()
    {
        RootCommand root = new("Flume: an append-only log with views that can be thrown away and derived again.")
        {
            ServeVerb.Create(),
            ImportVerb.Create(),
            RebuildVerb.Create(),
            VerifyVerb.Create(),
            CheckVerb.Create(),
            DoctorVerb.Create(),
            BackupVerb.Create(),
            RestoreVerb.Create(),
            StatusVerb.Create(),
            ViewsVerb.Create(),
            TailVerb.Create(),
            QueryVerb.Create(),
            CallVerb.Create(),
            GenerateVerb.Create(),
            VersionVerb.Create(),
        };
        root.Subcommands.Add(CompletionsVerb.Create(Root));
        root.Options.Add(Json);
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help }) option.Action = new ExitCodesHelp(help);
        }

        return root;
    }

    /// <summary>A server stops in an order of its own; every other verb is cancelled by Ctrl-C and SIGTERM.</summary>
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
        List<string> path = [];
        for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            if (at is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } command)
                path.Insert(0, command.Command.Name);
        }

        string errors = parsed.Tokens.Count == 0
            ? $"Name a verb: {string.Join(", ", Root().Subcommands.Select(verb => verb.Name))}."
            : string.Join(" ", parsed.Errors.Select(error => error.Message));
        string help = string.Join(' ', ["flume", .. path, "--help"]);
        output.Error(VerbException.Usage($"{errors} Run '{help}' to see what it takes."));
        return ExitCode.Usage;
    }
}
