using Flume.Log;

namespace Flume.Views.Store;

/// <summary>What a store's rows reflect: written in the same batch as the rows, so that the two always agree.</summary>
/// <param name="Version">The version of the view that derived the rows; 0 before the first commit.</param>
/// <param name="Since">The offset of the last entry that the rows reflect, inclusive; none when empty.</param>
/// <param name="BasePostings">Postings in packed blocks, as the bulk load left them; the store's own count.</param>
/// <param name="OverlayPostings">Postings committed one by one since then; the store's own count.</param>
/// <param name="Skipped">Entries up to since that the view could not read and passed over.</param>
public sealed record Checkpoint(int Version, Offset Since, long BasePostings, long OverlayPostings, long Skipped)
{
    /// <summary>The checkpoint of a store that nothing was ever committed to.</summary>
    public static Checkpoint Empty { get; } = new(0, Offset.None, 0, 0, 0);

    /// <summary>A checkpoint to commit; the store fills in the counts of postings.</summary>
    public static Checkpoint At(int version, Offset since, long skipped = 0) => new(version, since, 0, 0, skipped);

    /// <summary>Refuses a step that would break a checkpoint's meaning; called before every write.</summary>
    /// <exception cref="ArgumentException">Since goes back, or rows of two versions would mix.</exception>
    internal void RequireSuccessor(Checkpoint next, string store)
    {
        if (next.Since < Since)
            throw new ArgumentException(
                $"Store {store} reflects the log up to offset {Since} and can't go back to {next.Since}; rebuild it.");
        if (Since.IsSome && next.Version != Version)
            throw new ArgumentException(
                $"Store {store} holds rows of version {Version}; rows of version {next.Version} need a fresh store.");
    }
}
