namespace Flume.Host.Cli;

/// <summary>The exit codes of all verbs.</summary>
internal static class ExitCode
{
    /// <summary>The verb succeeded.</summary>
    public const int Ok = 0;

    /// <summary>The verb failed; standard error states the reason.</summary>
    public const int Failed = 1;

    /// <summary>
    /// The command line or the configuration is invalid, or names what does not exist; nothing was done.
    /// </summary>
    public const int Usage = 2;

    /// <summary>A log or a store is damaged, or the doctor found another defect.</summary>
    public const int Damaged = 3;

    /// <summary>Another process holds a resource that the verb needs.</summary>
    public const int Held = 4;

    /// <summary>The server does not answer at the address.</summary>
    public const int Unreachable = 5;

    /// <summary>Stopped by Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended, without a message, because the program that read the output had ended: 128 + SIGPIPE.</summary>
    public const int OutputClosed = 141;

    /// <summary>All exit codes, for the help.</summary>
    public static readonly IReadOnlyList<(int Code, string Meaning)> All =
    [
        (Ok, "done"),
        (Failed, "failed; standard error says why"),
        (Usage, "the command line or the configuration is wrong, or names what does not exist; nothing was done"),
        (Damaged, "a log or a store is damaged, rows are wrong, or the doctor found something to repair"),
        (Held, "another process holds what the verb needs"),
        (Unreachable, "no server of Flume answers at the address"),
        (Interrupted, "stopped by Ctrl-C"),
        (OutputClosed, "whatever read the output has ended"),
    ];
}
