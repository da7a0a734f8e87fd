using Flume.Log.Primitives;
using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>Settings of opening and closing identities: <c>flume.identities</c>.</summary>
public sealed record IdentitySettings
{
    /// <summary>The kind of a new identity when its creator names none.</summary>
    public required IdentityKind Kind { get; init; }

    /// <summary>Idle time after which an identity closes; null for never.</summary>
    public required TimeSpan? IdleOut { get; init; }

    /// <summary>How many identities are open at once; the least used closes for another one.</summary>
    public required int OpenMax { get; init; }

    /// <summary>Longest wait of a caller for an identity to open.</summary>
    public required TimeSpan OpenWithin { get; init; }

    /// <summary>Longest wait of a caller for the answer to an append or a command.</summary>
    public required TimeSpan AnswerWithin { get; init; }

    /// <summary>Longest time that closing may take at a shutdown.</summary>
    public required TimeSpan CloseWithin { get; init; }

    /// <summary>True to open a log read-only when another process writes it.</summary>
    public required bool FollowLockedLogs { get; init; }

    internal static IdentitySettings Read(SettingsReader reader)
    {
        TimeSpan idle = reader.Milliseconds("flume.identities.idle-out-ms", 0, 864_000_000);
        return new IdentitySettings
        {
            Kind = reader.OneOf("flume.identities.kind", [.. IdentityKinds.All]),
            IdleOut = idle == TimeSpan.Zero ? null : idle,
            OpenMax = reader.Text("flume.identities.open-max") == "auto"
                ? Affordable(MachineMemory.Bytes, Posix.OpenFilesMax())
                : reader.Int("flume.identities.open-max", 1, 1_000_000),
            OpenWithin = reader.Milliseconds("flume.identities.open-within-ms", 1, 3_600_000),
            AnswerWithin = reader.Milliseconds("flume.identities.answer-within-ms", 1, 3_600_000),
            CloseWithin = reader.Milliseconds("flume.identities.close-within-ms", 1, 3_600_000),
            FollowLockedLogs = reader.Flag("flume.identities.follow-locked-logs"),
        };
    }

    // Nine views and the log of an open identity have about 80 files and 1 MB; a rebuild and readers need more.
    private const int FilesEach = 128, FilesOfProcess = 300;
    private const long BytesEach = 2L << 20;
    private const double MemoryShare = 0.25;

    /// <summary>
    /// How many open identities a process of that memory (bytes) and that limit of open files can keep.
    /// </summary>
    internal static int Affordable(long memory, long files) => (int)Math.Clamp(
        Math.Min(memory * MemoryShare / BytesEach, (files - FilesOfProcess) / (double)FilesEach), 4, 100_000);
}
