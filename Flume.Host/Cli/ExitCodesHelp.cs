using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Flume.Host.Cli;

/// <summary>The help of a verb, with the exit codes below it.</summary>
internal sealed class ExitCodesHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Exit codes:");
        foreach ((int exit, string meaning) in ExitCode.All) output.WriteLine($"  {exit,-3}  {meaning}");
        return code;
    }
}
