using Flume.Log;
using Flume.Log.Primitives;

namespace Flume.Views.Store;

/// <summary>
/// The state that a store's rows reflect. Rows and checkpoint are written in one batch, so they always agree.
/// </summary>
/// <param name="Version">The version of the view that derived the rows; 0 before the first commit.</param>
/// <param name="Since">The offset of the last entry that the rows reflect, inclusive; none when empty.</param>
/// <param name="BasePostings">Postings in packed blocks of the bulk load. The store counts them.</param>
/// <param name="OverlayPostings">Postings that later commits added. The store counts them.</param>
/// <param name="Skipped">Entries up to since that the view could not read and skipped.</param>
public sealed record Checkpoint(int Version, Offset Since, long BasePostings, long OverlayPostings, long Skipped)
{
    /// <summary>The fingerprint of the payload at since, which identifies the log; 0 if unknown.</summary>
    public uint Fingerprint { get; init; }

    /// <summary>The checkpoint of a store without a commit.</summary>
    public static Checkpoint Empty { get; } = new(0, Offset.None, 0, 0, 0);

    /// <summary>Creates a checkpoint to commit. The store sets the posting counts.</summary>
    public static Checkpoint At(int version, Offset since, long skipped = 0) => new(version, since, 0, 0, skipped);

    /// <summary>Verifies that a checkpoint can follow this one. Called before every write.</summary>
    /// <exception cref="ArgumentException">Since would decrease, or rows of two versions would mix.</exception>
    internal void RequireSuccessor(Checkpoint next, string store)
    {
        if (next.Since < Since)
            throw new ArgumentException(
                $"Store {store} reflects the log up to offset {Since} and cannot go back to {next.Since}. Rebuild it.");
        if (Since.IsSome && next.Version != Version)
            throw new ArgumentException(
                $"Store {store} has rows of version {Version}; rows of version {next.Version} need a fresh store.");
    }
}
