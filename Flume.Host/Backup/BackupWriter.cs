using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Host.Backup;

/// <summary>Backs up an identity while it is served: its log, its key pair, and the rows of its views.</summary>
/// <remarks>
/// 1. It copies rows before the log, so that each copied row reflects records that are in the copied log.
/// 2. An earlier backup in the folder remains complete until the new manifest is written, which is last.
/// 3. It writes only new bytes of the log, and compares the existing copy with the log.
/// Blobs are not copied: they are immutable files, and any file copier can copy them.
/// </remarks>
internal sealed class BackupWriter(
    IIdentity identity, string folder, IProgress<BackupProgress>? progress, TimeProvider time)
{
    private readonly List<BackedUpView> views = [];
    private readonly List<string> left = [];

    /// <summary>Makes a backup, or updates the existing one.</summary>
    /// <exception cref="IOException">The folder holds other files, is in use, or a write failed.</exception>
    public async Task<BackupReport> RunAsync(CancellationToken cancel)
    {
        RefuseOwnFolder();
        Directory.CreateDirectory(folder);
        using FileStream held = Hold();
        BackupManifest? earlier = Earlier();
        string rows = Path.Combine(folder, "views"), fresh = rows + ".new";
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        Directory.CreateDirectory(fresh);
        foreach (IView view in identity.Views.Views)
            await CopyAsync(view, Path.Combine(fresh, view.Name), cancel).ConfigureAwait(false);

        LogCopyReport log = await Task.Run(() => LogBackup.Copy(
            identity.Log, Path.Combine(folder, "log.offset"), earlier?.Log, new LogBar(progress), cancel), cancel)
            .ConfigureAwait(false);
        long newest = await Task.Run(() => NewestOwn(log, earlier, cancel), cancel).ConfigureAwait(false);
        if (identity.Keys is not null)
            PrivateFile.Copy(Path.Combine(identity.Directory, "secret"), Path.Combine(folder, "secret"));
        if (Directory.Exists(rows)) Directory.Delete(rows, recursive: true);
        Directory.Move(fresh, rows);
        BackupManifest manifest = new(identity.Name, identity.Keys?.Id, time.GetUtcNow(), log.State, newest)
        {
            Views = views,
        };
        manifest.Write(folder);
        return new BackupReport(folder, manifest, log.NewBytes, log.AnewBecause, left);
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
                Path.Combine(folder, "backup.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException cause) when (cause is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new IOException($"Another backup into {folder} is under way. Wait for it.", cause);
        }
    }

    private BackupManifest? Earlier()
    {
        BackupManifest? earlier = BackupManifest.Read(folder);
        if (earlier is null)
        {
            if (!File.Exists(Path.Combine(folder, "log.offset"))) return null;
            throw new IOException($"{folder} holds a log without backup.json: it is not a backup. Use another folder.");
        }

        bool isOurs = earlier.Id == identity.Keys?.Id && (earlier.Id is not null || earlier.Identity == identity.Name);
        if (isOurs) return earlier;
        throw new IOException(
            $"{folder} is a backup of {earlier.Id ?? earlier.Identity}, not of {identity.Keys?.Id ?? identity.Name}. " +
            "Choose another folder.");
    }

    private async Task CopyAsync(IView view, string into, CancellationToken cancel)
    {
        progress?.Report(new BackupProgress("rows", views.Count + left.Count, identity.Views.Views.Count));
        try
        {
            using ViewRead read = await identity.ReadAsync(
                view.Name, ReadFreshness.NoWait, cancel).ConfigureAwait(false);
            (Checkpoint At, long Bytes)? copy = await Task.Run(
                () => StoreCopy.Save(read.Rows, into, view.Name), cancel).ConfigureAwait(false);
            if (copy is var (at, bytes)) views.Add(new BackedUpView(view.Name, at.Version, at.Since.Value, bytes));
            else left.Add(view.Name);
        }
        catch (ReadRejectedException)
        {
            left.Add(view.Name);
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
