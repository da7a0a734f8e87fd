using System.CommandLine;
using Flume.Ssb.Api;
using Flume.Ssb.Views;
using Flume.Views;

namespace Flume.Host.Cli;

/// <summary>A verb in a completion script.</summary>
/// <param name="Name">The verb's name.</param>
/// <param name="Description">The verb's description.</param>
/// <param name="Words">The values of its arguments, if known; else file names.</param>
internal sealed record CompletedVerb(string Name, string Description, IReadOnlyList<string> Words)
{
    /// <summary>Its options: name, description, and whether a value follows.</summary>
    public required IReadOnlyList<(string Name, string Description, bool TakesValue)> Options { get; init; }

    /// <summary>All verbs, in the order of the help.</summary>
    public static IReadOnlyList<CompletedVerb> Of(RootCommand root) =>
        [.. root.Subcommands.Select(command => new CompletedVerb(
            command.Name, command.Description ?? "", WordsOf(command))
        {
            Options = [.. command.Options.Concat(root.Options.Where(option => option.Recursive)).Select(option => (
                option.Name, option.Description ?? "", option.ValueType != typeof(bool)))],
        })];

    private static IReadOnlyList<string> WordsOf(Command command) =>
        [.. command.Arguments.SelectMany(argument => WordsOf(argument.Name))];

    private static IReadOnlyList<string> WordsOf(string argument) => argument switch
    {
        "COMMAND" => ["rebuild", "cancel", "pause", "resume", "budget"],
        "VIEW" => [.. SsbViews.Catalog.Views.Select(view => view.Name)],
        "METHOD" => [.. BuiltInApi.Table.Methods.Select(method => method.Name)],
        "SHELL" => CompletionsVerb.Names,
        _ => [],
    };
}
