namespace Flume.Host.Cli;

/// <summary>Ends a verb with a message for people and an exit code for scripts.</summary>
internal sealed class VerbException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>A mistake in the command line that the parser can't detect.</summary>
    public static VerbException Usage(string message) => new(Cli.ExitCode.Usage, message);
}
