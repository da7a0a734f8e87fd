namespace Flume.Torture;

/// <summary>
/// One kind of fault. A kind tries as often as its time allows and counts what it tried and what was violated.
/// </summary>
internal interface IKind
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>One line for the help: the fault, and what must hold.</summary>
    string What { get; }

    /// <summary>The share of the time, relative to the other kinds.</summary>
    double Weight { get; }

    /// <summary>What this machine lacks for it; null when nothing.</summary>
    string? Lacks { get; }

    /// <summary>Tries until <see cref="TortureRun.IsOver"/>, or until everything was tried.</summary>
    Task RunAsync(TortureRun run);
}
