using System.Text;

namespace Flume.Views.Store;

/// <summary>Copies a store that is in use: what one moment's rows are, as a folder that opens like any store.</summary>
/// <remarks>
/// RocksDB links table files where it can and copies them where the disk is another, so a copy beside the store costs
/// next to nothing. Tables never change, so what is linked stays what it was.
/// </remarks>
public static class StoreCopy
{
    private const string Name = "store-000001";

    /// <summary>
    /// Writes the store behind a snapshot into a view's folder, as it is now (not older than the snapshot).
    /// </summary>
    /// <param name="rows">A snapshot of the store.</param>
    /// <param name="folder">The view's folder in the copy: missing, or empty.</param>
    /// <param name="view">The view's name.</param>
    /// <returns>What the copied rows reflect, and the copy's bytes; null when there are no files to copy yet.</returns>
    /// <exception cref="StoreDamagedException">A table does not read.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static (Checkpoint At, long Bytes)? Save(IViewReader rows, string folder, string view)
    {
        if (rows is not RocksViewReader reader) return null;
        Directory.CreateDirectory(folder);
        string store = Path.Combine(folder, Name);
        reader.CopyTo(store);
        DurableFile.Replace(Path.Combine(folder, "CURRENT"), Encoding.UTF8.GetBytes($"{Name}\ncopied while in use\n"));
        using RocksViewStore copy = RocksViewStore.OpenReadOnly(store, view, new StoreResources(new StoreLimits()));
        return (copy.Checkpoint, copy.SizeBytes);
    }
}
