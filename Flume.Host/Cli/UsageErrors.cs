using System.CommandLine;
using System.CommandLine.Parsing;
using Flume.Log.Primitives;

namespace Flume.Host.Cli;

/// <summary>What is wrong with a command line, in sentences without the names of types.</summary>
internal static class UsageErrors
{
    /// <summary>All that is wrong, and where the options are listed.</summary>
    public static string Of(ParseResult parsed)
    {
        List<string> path = [];
        for (SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            if (at is CommandResult { Parent: not null } command) path.Insert(0, command.Command.Name);
        }

        return $"{What(parsed, path.Count == 0)} Run '{string.Join(' ', ["flume", .. path, "--help"])}' to see its options.";
    }

    private static string What(ParseResult parsed, bool isRoot)
    {
        string[] verbs = [.. CommandLine.Verbs.Select(verb => verb.Name)];
        if (parsed.Tokens.Count == 0) return $"Name a verb: {string.Join(", ", verbs)}.";
        string first = parsed.Tokens[0].Value;
        if (isRoot && !first.StartsWith('-'))
            return $"There is no verb '{first}'.{Spelling.Hint(first, verbs)} Verbs are {string.Join(", ", verbs)}.";
        return string.Join(' ', parsed.Errors.Select(error => Sentence(parsed, error)).Distinct());
    }

    private static string Sentence(ParseResult parsed, ParseError error)
    {
        string? unknown = parsed.UnmatchedTokens.FirstOrDefault(
            token => error.Message.Contains($"'{token}'", StringComparison.Ordinal));
        if (unknown is not null && unknown.StartsWith('-'))
        {
            IEnumerable<string> options = parsed.CommandResult.Command.Options.Select(option => option.Name).Append(
                "--json");
            return $"There is no option '{unknown}' here.{Spelling.Hint(unknown, options)}";
        }

        return error.SymbolResult switch
        {
            OptionResult { Tokens.Count: > 0 } option when Shape(option.Option.ValueType) is { } shape && IsOfType(error) =>
                $"{option.Option.Name} is '{option.Tokens[0].Value}'. Expected {shape}.",
            ArgumentResult { Tokens.Count: > 0 } argument when Shape(argument.Argument.ValueType) is { } shape && IsOfType(error) =>
                $"{OptionOf(argument)} is '{argument.Tokens[0].Value}'. Expected {shape}.",
            _ => error.Message,
        };
    }

    private static string OptionOf(ArgumentResult argument) =>
        argument.Parent is OptionResult option ? option.Option.Name : argument.Argument.Name;

    // The parser's own sentence names the type of .NET.
    private static bool IsOfType(ParseError error) => error.Message.Contains("expected type", StringComparison.Ordinal);

    private static string? Shape(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(int) || plain == typeof(long) || plain == typeof(ulong) ? "a whole number"
            : plain == typeof(double) ? "a number"
            : plain == typeof(DateTimeOffset) ? "a time, such as 2026-01-31T18:00Z"
            : null;
    }
}
