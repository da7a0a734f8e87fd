using System.Security.Cryptography;
using Flume.Log.Primitives;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Blobs;

/// <summary>
/// The blobs of one identity: files named by the hash of their content, in the layout of npm multiblob.
/// </summary>
/// <remarks>
/// 1. A blob is written to a temporary file, synced and renamed, so a blob is always complete.
/// 2. A stored file never changes.
/// 3. Thread-safe. Layout: <c>sha256/&lt;2 hex&gt;/&lt;62 hex&gt;</c> (docs/spec 3.10).
/// </remarks>
public sealed class BlobStore
{
    private const int BufferBytes = 4096;
    private const string DraftPrefix = "flume-";

    private readonly string _files;
    private readonly string _drafts;
    private readonly BlobNews _news = new();
    private readonly Lock _counting = new();
    private long? _bytes;

    /// <summary>A store in a folder, which is created when needed.</summary>
    public BlobStore(string directory)
    {
        _files = Path.Combine(directory, "sha256");
        _drafts = Path.Combine(directory, "tmp");
        DropDrafts();
    }

    /// <summary>The id of the empty blob.</summary>
    public static string EmptyId { get; } = Ref.Blob(SHA256.HashData([]));

    /// <summary>The metadata of a blob; null if the blob is missing.</summary>
    /// <exception cref="ArgumentException">The id is not a blob id.</exception>
    public BlobMeta? Find(string id)
    {
        FileInfo file = new(PathOf(id));
        if (file.Exists) return MetaOf(file, id);
        return id == EmptyId ? new BlobMeta(id, 0, 0) : null;
    }

    /// <summary>Adds the concatenated pieces as a blob. Adding an existing blob changes nothing.</summary>
    /// <param name="pieces">The content.</param>
    /// <param name="expected">The expected id, or null.</param>
    /// <param name="cancel">Cancels; no blob is added then.</param>
    /// <exception cref="InvalidDataException">The content has another id than expected. No blob was added.</exception>
    public async Task<BlobMeta> AddAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, string? expected, CancellationToken cancel)
    {
        OwnerFile.CreateFolder(_drafts);
        string draft = Path.Combine(_drafts, $"{DraftPrefix}{Guid.NewGuid():n}");
        try
        {
            string id = await WriteAsync(draft, pieces, cancel).ConfigureAwait(false);
            if (expected is not null && expected != id)
                throw new InvalidDataException($"actual hash:{id} did not match expected id:{expected}");
            string path = PathOf(id);
            string folder = Path.GetDirectoryName(path)!;
            OwnerFile.CreateFolder(folder);
            bool isNew = !File.Exists(path);
            File.Move(draft, path, overwrite: true);
            OwnerFile.SyncFolder(folder);
            BlobMeta meta = MetaOf(new FileInfo(path), id);
            if (isNew) Count(meta.Size);
            _news.Tell(meta);
            return meta;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Opens a blob for reading; null if the blob is missing.</summary>
    /// <exception cref="ArgumentException">The id is not a blob id.</exception>
    public Stream? Open(string id)
    {
        try
        {
            return new FileStream(
                PathOf(id), new FileStreamOptions { Options = FileOptions.Asynchronous, BufferSize = 0 });
        }
        catch (IOException gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return id == EmptyId ? Stream.Null : null;
        }
    }

    /// <summary>Removes a blob; false if the blob is missing.</summary>
    /// <exception cref="ArgumentException">The id is not a blob id.</exception>
    public bool Remove(string id)
    {
        FileInfo file = new(PathOf(id));
        if (!file.Exists) return false;
        long size = file.Length;
        file.Delete();
        Count(-size);
        return true;
    }

    /// <summary>All stored blobs, in the order of their hashes.</summary>
    public IEnumerable<BlobMeta> All()
    {
        if (!Directory.Exists(_files)) yield break;
        foreach (string folder in Directory.EnumerateDirectories(_files).Order(StringComparer.Ordinal))
        {
            IEnumerable<FileInfo> files = new DirectoryInfo(folder).EnumerateFiles();
            foreach (FileInfo file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
            {
                if (TryId(Path.GetFileName(folder) + file.Name, out string id)) yield return MetaOf(file, id);
            }
        }
    }

    /// <summary>The bytes of all blobs. The first call reads the folder.</summary>
    internal long TotalBytes
    {
        get
        {
            lock (_counting) return _bytes ??= All().Sum(blob => blob.Size);
        }
    }

    /// <summary>Listens for blobs added from now on.</summary>
    public BlobListener Listen() => _news.Listen();

    private void Count(long added)
    {
        lock (_counting) _bytes += added;
    }

    private string PathOf(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (!Ref.IsBlob(id) || !Ref.TryGetBytes(id, hash)) throw new ArgumentException($"not a valid blob id:{id}");
        string hex = Convert.ToHexStringLower(hash);
        return Path.Combine(_files, hex[..2], hex[2..]);
    }

    private static bool TryId(string hex, out string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        bool isHash = Convert.FromHexString(hex, hash, out _, out int written) == System.Buffers.OperationStatus.Done
            && written == hash.Length;
        id = isHash ? Ref.Blob(hash) : "";
        return isHash;
    }

    private static BlobMeta MetaOf(FileInfo file, string id) =>
        new(id, file.Length, new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds());

    private static async Task<string> WriteAsync(
        string path, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancel)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        FileStreamOptions options = OwnerFile.Options(FileMode.CreateNew, FileAccess.Write);
        (options.Options, options.BufferSize) = (FileOptions.Asynchronous, BufferBytes);
        await using FileStream file = new(path, options);
        await foreach (ReadOnlyMemory<byte> piece in pieces.WithCancellation(cancel).ConfigureAwait(false))
        {
            hash.AppendData(piece.Span);
            await file.WriteAsync(piece, cancel).ConfigureAwait(false);
        }

        OwnerFile.Sync(file);
        return Ref.Blob(hash.GetHashAndReset());
    }

    /// <summary>Deletes the temporary files of a crashed process.</summary>
    private void DropDrafts()
    {
        if (!Directory.Exists(_drafts)) return;
        foreach (string draft in Directory.EnumerateFiles(_drafts, $"{DraftPrefix}*")) File.Delete(draft);
    }
}
