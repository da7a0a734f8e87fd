using System.Text;
using Flume.Actors;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Host.Backup;

/// <summary>Backs up an identity while it is served: its log, its key pair, and the rows of its views.</summary>
/// <remarks>
/// 1. The rows are copied first and the log after them, so that no copied row reflects a record that is not
/// in the copy.
/// 2. An earlier backup in the folder stays whole until the new one is whole: the manifest is written last.
/// 3. Only new bytes of the log are written. Earlier bytes are read back and compared.
/// 4. The identity's events in the journal and its blobs are copied too. A blob in the backup is not copied again.
/// </remarks>
internal sealed class BackupWriter(
    IIdentity identity, string folder, IProgress<BackupProgress>? progress, TimeProvider time)
{
    private const string Unfinished = "backup.unfinished", LockFile = "backup.lock";

    private readonly List<BackedUpView> _views = [];
    private readonly List<string> _left = [];

    /// <summary>Makes a backup, or updates the existing one.</summary>
    /// <exception cref="IOException">The folder holds other files, is in use, or a write failed.</exception>
    public async Task<BackupReport> RunAsync(CancellationToken cancel)
    {
        RefuseOwnFolder();
        bool isEmpty = !Directory.Exists(folder) ||
            Directory.EnumerateFileSystemEntries(folder).All(path => Path.GetFileName(path) == LockFile);
        OwnerFile.CreateFolder(folder);
        BackupManifest? earlier = isEmpty ? null : Earlier();
        using FileStream held = Hold();
        if (earlier is null) OwnerFile.Replace(Path.Combine(folder, Unfinished), Encoding.UTF8.GetBytes(Owner));
        string fresh = Path.Combine(folder, "views.new");
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        OwnerFile.CreateFolder(fresh);
        foreach (IView view in identity.Views.Views)
            await CopyAsync(view, Path.Combine(fresh, FolderOf(view.Name)), cancel).ConfigureAwait(false);

        string copy = earlier?.LogIn(folder) ?? Path.Combine(folder, BackupManifest.FinalLog);
        LogCopyReport log = await Task.Run(
            () => LogBackup.CopyBeside(identity.Log, copy, earlier?.Log, new LogBar(progress), cancel), cancel)
            .ConfigureAwait(false);
        long newest = await Task.Run(() => NewestOwn(log, earlier, cancel), cancel).ConfigureAwait(false);
        if (identity.Keys is not null)
            PrivateFile.Copy(Path.Combine(identity.Directory, "secret"), Path.Combine(folder, "secret"));
        BackupParts.WriteEvents(identity, folder);
        await Task.Run(() => BackupParts.CopyBlobs(Path.Combine(identity.Directory, "blobs"), folder, cancel), cancel)
            .ConfigureAwait(false);
        BackupParts.CopyReplication(identity.Directory, folder);
        CopyKind();
        BackupManifest manifest = new(identity.Name, identity.Keys?.Id, time.GetUtcNow(), log.State, newest)
        {
            Views = _views,
            LogFile = Path.GetFileName(log.Path),
        };
        Finish(manifest, log.Path);
        return new BackupReport(folder, manifest, log.NewBytes, log.AnewBecause, _left);
    }

    /// <summary>
    /// After the manifest is written, the folder holds the new backup. Then the log gets its final name. A manifest and
    /// a rename are no single step, so the reader accepts both names.
    /// </summary>
    private void Finish(BackupManifest manifest, string log)
    {
        string rows = Path.Combine(folder, "views"), old = rows + ".old";
        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        if (Directory.Exists(rows)) Directory.Move(rows, old);
        Directory.Move(rows + ".new", rows);
        manifest.Write(folder);
        string final = Path.Combine(folder, BackupManifest.FinalLog);
        if (log != final)
        {
            OwnerFile.Rename(log, final);
            (manifest with { LogFile = BackupManifest.FinalLog }).Write(folder);
        }

        if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        File.Delete(Path.Combine(folder, Unfinished));
    }

    /// <summary>An identity without the file is an SSB identity, and so is its copy.</summary>
    private void CopyKind()
    {
        string to = Path.Combine(folder, "kind");
        if (identity.Kind == IdentityKind.Ssb) File.Delete(to);
        else IdentityKindFile.Write(IdentityFiles.In(folder), identity.Kind);
    }

    private void RefuseOwnFolder()
    {
        string own = Path.GetFullPath(identity.Directory) + Path.DirectorySeparatorChar;
        if ((Path.GetFullPath(folder) + Path.DirectorySeparatorChar).StartsWith(own, StringComparison.Ordinal))
            throw new IOException($"A backup in {folder} would lie in what it backs up. Choose a folder elsewhere.");
    }

    private FileStream Hold()
    {
        try
        {
            return new FileStream(
                Path.Combine(folder, LockFile), OwnerFile.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite));
        }
        catch (IOException cause) when (cause is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new IOException($"Another backup into {folder} is under way. Wait for it.", cause);
        }
    }

    private string FolderOf(string view) =>
        identity.Registered?.All.Any(definition => definition.Name == view) == true ? "+" + view : view;

    private string Owner => identity.Keys?.Id ?? identity.Name;

    private BackupManifest? Earlier()
    {
        BackupManifest? earlier = BackupManifest.Read(folder);
        if (earlier is null)
        {
            string begun = Path.Combine(folder, Unfinished);
            if (File.Exists(begun) && File.ReadAllText(begun) == Owner) return null;
            throw new IOException(
                $"{folder} is neither empty nor a backup of {Owner}: it has no backup.json. Nothing in it was " +
                "changed. Choose another folder, or a name that does not exist yet.");
        }

        bool isOurs = earlier.Id == identity.Keys?.Id && (earlier.Id is not null || earlier.Identity == identity.Name);
        if (isOurs) return earlier;
        throw new IOException(
            $"{folder} is a backup of {earlier.Id ?? earlier.Identity}, not of {identity.Keys?.Id ?? identity.Name}. " +
            "Choose another folder.");
    }

    private async Task CopyAsync(IView view, string into, CancellationToken cancel)
    {
        progress?.Report(new BackupProgress("rows", _views.Count + _left.Count, identity.Views.Views.Count));
        try
        {
            using ViewRead read = await identity.ReadAsync(
                view.Name, ReadFreshness.NoWait, cancel).ConfigureAwait(false);
            (Checkpoint At, long Bytes)? copy = await Task.Run(
                () => StoreCopy.Save(read.Rows, into, view.Name), cancel).ConfigureAwait(false);
            if (copy is var (at, bytes)) _views.Add(new BackedUpView(view.Name, at.Version, at.Since.Value, bytes));
            else _left.Add(view.Name);
        }
        catch (ReadRejectedException)
        {
            _left.Add(view.Name);
        }
    }

    private long NewestOwn(LogCopyReport log, BackupManifest? earlier, CancellationToken cancel)
    {
        if (identity.Keys is null) return 0;
        bool goesOn = earlier is not null && log.AnewBecause is null;
        Offset after = goesOn ? earlier!.Log.Head : Offset.None;
        long added = OwnSequence.Newest(identity.Log, identity.Keys.Id, (after, log.State.Head), cancel);
        return Math.Max(goesOn ? earlier!.NewestOwn : 0, added);
    }

    private sealed class LogBar(IProgress<BackupProgress>? progress) : IProgress<LogProgress>
    {
        public void Report(LogProgress value) =>
            progress?.Report(new BackupProgress("log", value.Position, value.EndPosition));
    }
}
