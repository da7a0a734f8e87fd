namespace Flume.Host.Cli;

/// <summary>What a verb tells the script that runs it.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Not done; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense; nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>A log or a store is damaged, or something else was found that needs mending.</summary>
    public const int Damaged = 3;

    /// <summary>Another process holds what the verb needs.</summary>
    public const int Held = 4;

    /// <summary>Nobody answers at the address.</summary>
    public const int Unreachable = 5;

    /// <summary>Stopped by Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>All of them, for the help.</summary>
    public static readonly IReadOnlyList<(int Code, string Meaning)> All =
    [
        (Ok, "done"),
        (Failed, "failed; standard error says why"),
        (Usage, "the command line makes no sense; nothing was tried"),
        (Damaged, "a log or a store is damaged, rows are wrong, or the doctor found something"),
        (Held, "another process holds what the verb needs"),
        (Unreachable, "nobody answers at the address"),
        (Interrupted, "stopped by Ctrl-C"),
    ];
}
