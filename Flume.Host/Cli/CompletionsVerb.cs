using System.CommandLine;

namespace Flume.Host.Cli;

/// <summary>
/// <c>flume completions</c>: prints a script that completes verbs, options, views and methods in a shell.
/// </summary>
internal static class CompletionsVerb
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    /// <summary>Creates the verb; it reads <paramref name="root"/> when it runs, after all verbs are added.</summary>
    public static Command Create(Func<RootCommand> root)
    {
        Argument<string> shell = new("SHELL") { Description = "bash, zsh or fish" };
        Command command = new("completions",
            "Print a completion script: source <(flume completions bash); fish: flume completions fish | source")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(shell)!;
            IReadOnlyList<CompletedVerb> verbs = CompletedVerb.Of(root());
            string script = name switch
            {
                "bash" => CompletionScripts.Bash(verbs),
                "zsh" => CompletionScripts.Zsh(verbs),
                "fish" => CompletionScripts.Fish(verbs),
                _ => throw VerbException.Usage(
                    $"'{name}' is no shell known here. Expected {string.Join(", ", Shells)}."),
            };
            Output output = new(parsed.GetValue(CommandLine.Json));
            if (!output.IsJson) output.Line(script);
            else
            {
                output.Document(json =>
                {
                    json.WriteStartObject();
                    json.WriteString("shell", name);
                    json.WriteString("script", script);
                    json.WriteEndObject();
                });
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The values that this verb's argument can have.</summary>
    public static IReadOnlyList<string> Names => Shells;
}
