using Flume.Actors;
using Flume.Host.Serving;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Ssb.Publishing;

namespace Flume.Host.Backup;

/// <summary>Restores a backup into a data directory as a new identity; it never replaces an existing one.</summary>
/// <remarks>
/// 1. The reader copies everything into a temporary folder and moves it into place by one rename.
/// 2. Unless the newest published sequence is known to be in the backup, a <see cref="ForkGuard"/> refuses publishing.
/// </remarks>
internal sealed class BackupReader(
    string backup, DataDirectory data, IProgress<BackupProgress>? progress, TimeProvider time)
{
    /// <summary>Restores a backup; the caller holds the directory's lock.</summary>
    /// <exception cref="IOException">The folder holds no backup, the backup is damaged, or the identity
    /// exists.</exception>
    public RestoreReport Run(RestoreRequest request, CancellationToken cancel)
    {
        BackupManifest manifest = BackupManifest.Read(backup) ?? throw new FileNotFoundException(
            $"{backup} is no backup: it has no backup.json. Name the folder that 'flume backup' wrote.");
        string name = request.Name ?? manifest.Identity;
        DataDirectory.CheckName(name);
        IdentityFiles place = data.Identity(name);
        RefuseTaken(place.Own, name, manifest.Id);
        string staging = Path.Combine(data.Path, $"restoring-{name}");
        if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        IdentityFiles staged = IdentityFiles.In(staging);
        OwnerFile.CreateFolder(staging);
        LogBackup.Restore(manifest.LogIn(backup), staged.Log, manifest.Log, new Bar(progress), cancel);
        string secret = Path.Combine(backup, "secret");
        if (File.Exists(secret)) PrivateFile.Copy(secret, staged.Secret);
        IdentityFiles saved = IdentityFiles.In(backup);
        if (File.Exists(IdentityKindFile.PathOf(saved))) IdentityKindFile.Write(staged, IdentityKindFile.Read(saved));
        CopyFolder(Path.Combine(backup, "views"), staged.Views, cancel);
        CopyFolder(BackupParts.BlobsOf(backup), Path.Combine(staged.Own, "blobs"), cancel);
        BackupParts.CopyReplication(backup, staged.Own);
        LogImporter.TakeChecksums(staged.Log, cancel);
        RestoreReport report = Judge(manifest, staged, request, cancel) with { Name = name };
        BackupParts.RestoreEvents(backup, data.Path, manifest.Identity, name);
        OwnerFile.CreateFolder(Path.GetDirectoryName(place.Own)!);
        Directory.Move(staging, place.Own);
        OwnerFile.SyncFolder(Path.GetDirectoryName(place.Own)!);
        return report;
    }

    /// <summary>Two identities with one key would both publish and fork the feed.</summary>
    private void RefuseTaken(string own, string name, string? id)
    {
        if (Directory.Exists(own))
            throw new IOException(
                $"{own} exists, and a restore never replaces an identity. Move that folder away, or restore under " +
                "another name with --identity; with --old DIR the restore learns how far its feed had come.");
        data.RefuseTwin(
            name, id, "Move that identity's folder away first, and give --old DIR to say where it is now.");
    }

    private RestoreReport Judge(
        BackupManifest manifest, IdentityFiles staged, RestoreRequest request, CancellationToken cancel)
    {
        if (manifest.Id is not { } id) return new RestoreReport(manifest, 0, null, IsGuarded: false);
        using OffsetLog log = OffsetLog.Open(staged.Log, new LogOptions { ReadOnly = true });
        long newest = OwnSequence.Newest(log, id, (Offset.None, log.Head), cancel);
        long? elsewhere = request.NewestOwn;
        if (request.Old is not null)
        {
            long old = OwnSequence.NewestIn(request.Old, id, cancel) ?? throw new FileNotFoundException(
                $"{request.Old} holds no log. Expected a data directory, an identity's folder, or a classic one.");
            elsewhere = Math.Max(elsewhere ?? 0, old);
        }

        bool guarded = !request.AcceptForkRisk && !(elsewhere <= newest);
        if (guarded) new ForkGuard(time.GetUtcNow(), manifest.Time, newest, elsewhere).Write(staged.Own);
        return new RestoreReport(manifest, newest, elsewhere, guarded);
    }

    private void CopyFolder(string from, string to, CancellationToken cancel)
    {
        if (!Directory.Exists(from)) return;
        FileInfo[] files = [.. new DirectoryInfo(from).EnumerateFiles("*", SearchOption.AllDirectories)];
        long total = files.Sum(file => file.Length), done = 0;
        foreach (FileInfo file in files)
        {
            cancel.ThrowIfCancellationRequested();
            string target = Path.Combine(to, Path.GetRelativePath(from, file.FullName));
            OwnerFile.CreateFolder(Path.GetDirectoryName(target)!);
            if (IsLinkBeside(file)) File.CreateSymbolicLink(target, file.LinkTarget!);
            else BackupParts.CopyFile(file.FullName, target);
            progress?.Report(new BackupProgress("rows", done += file.Length, total));
        }
    }

    /// <summary>True for a link to a file of the same folder. With it a store names its serving file.</summary>
    private static bool IsLinkBeside(FileInfo file) =>
        file.LinkTarget is { } name
            && Path.GetFileName(name) == name && File.Exists(Path.Combine(file.DirectoryName!, name));

    private sealed class Bar(IProgress<BackupProgress>? progress) : IProgress<LogProgress>
    {
        public void Report(LogProgress value) =>
            progress?.Report(new BackupProgress("log", value.Position, value.EndPosition));
    }
}

/// <summary>The target of a restore, and what is known of the feed's newest message.</summary>
/// <param name="Name">The identity's name; null for the name in the backup.</param>
/// <param name="Old">The identity's previous directory; null if it no longer exists.</param>
/// <param name="NewestOwn">The newest own sequence that was observed elsewhere; null if unknown.</param>
/// <param name="AcceptForkRisk">True to publish without confirmation.</param>
internal sealed record RestoreRequest(string? Name, string? Old, long? NewestOwn, bool AcceptForkRisk);

/// <summary>The result of a restore.</summary>
/// <param name="Manifest">The backup's manifest.</param>
/// <param name="NewestOwn">The newest own sequence in the restored log; 0 for none.</param>
/// <param name="NewestElsewhere">The newest own sequence known from elsewhere; null if none is known.</param>
/// <param name="IsGuarded">True if publishing waits for a confirmation, or for the missing messages.</param>
internal sealed record RestoreReport(BackupManifest Manifest, long NewestOwn, long? NewestElsewhere, bool IsGuarded)
{
    /// <summary>The restored identity's name.</summary>
    public string Name { get; init; } = "";
}
