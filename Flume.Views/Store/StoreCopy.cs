using System.Text;
using Flume.Log.Primitives;

namespace Flume.Views.Store;

/// <summary>Copies a store in use. The copy has the rows of one moment and opens like any store.</summary>
/// <remarks>
/// RocksDB hard-links table files on the same file system and copies them otherwise. So a copy on the same file
/// system is cheap. Table files never change, so a linked file stays valid.
/// </remarks>
public static class StoreCopy
{
    private const string Name = "store-000001";

    /// <summary>
    /// Writes the current store of a snapshot into a view's folder. The copy is at least as new as the snapshot.
    /// </summary>
    /// <param name="rows">A snapshot of the store.</param>
    /// <param name="folder">The view's folder in the copy: missing or empty.</param>
    /// <param name="view">The view's name.</param>
    /// <returns>The checkpoint and the bytes of the copy; null if the store has no files.</returns>
    /// <exception cref="StoreDamagedException">A table is not readable.</exception>
    /// <exception cref="IOException">The file system fails.</exception>
    public static (Checkpoint At, long Bytes)? Save(IViewReader rows, string folder, string view)
    {
        if (rows is ICopiedReader own) return own.CopyTo(folder);
        if (rows is not RocksViewReader reader) return null;
        OwnerFile.CreateFolder(folder);
        string store = Path.Combine(folder, Name);
        reader.CopyTo(store);
        OwnerFile.Replace(Path.Combine(folder, "CURRENT"), Encoding.UTF8.GetBytes(
            $"{Name}\ncopied while in use\n{(reader.DecodedWith is { } pair ? pair + "\n" : "")}"));
        using RocksViewStore copy = RocksViewStore.OpenReadOnly(store, view, new StoreResources(new StoreLimits()));
        return (copy.Checkpoint, copy.SizeBytes);
    }
}
