using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Flume.Host.Cli;

/// <summary>The help of a verb, with examples and its exit codes below it.</summary>
internal sealed class ExitCodesHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        VerbHelp more = VerbHelp.Of(parseResult.CommandResult.Command.Name);
        output.WriteLine("Examples:");
        foreach (string example in more.Examples) output.WriteLine($"  {example}");
        output.WriteLine();
        output.WriteLine("Exit codes:");
        foreach ((int exit, string meaning) in ExitCode.All)
            if (more.Codes.Contains(exit)) output.WriteLine($"  {exit,-3}  {meaning}");
        return code;
    }
}
