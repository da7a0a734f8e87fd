using System.CommandLine;
using Flume.Ssb.Api;
using Flume.Ssb.Views;
using Flume.Views;

namespace Flume.Host.Cli;

/// <summary>A verb as completion scripts know it.</summary>
/// <param name="Name">The verb.</param>
/// <param name="Description">What it does.</param>
/// <param name="Words">What its arguments may be, where that is known; else files.</param>
internal sealed record CompletedVerb(string Name, string Description, IReadOnlyList<string> Words)
{
    /// <summary>Its options, with what each does, and whether a value follows.</summary>
    public required IReadOnlyList<(string Name, string Description, bool TakesValue)> Options { get; init; }

    /// <summary>All verbs, in the order of the help.</summary>
    public static IReadOnlyList<CompletedVerb> Of(RootCommand root) =>
        [.. root.Subcommands.Select(command => new CompletedVerb(command.Name, command.Description ?? "", WordsOf(command))
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
