using System.Text;
using Flume.Actors;
using Flume.Host.Backup;
using Flume.Host.Serving;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.TestKit;
using Flume.Views;
using Flume.Views.Checking;

namespace Flume.Host.Tests.Backup;

public sealed class BackupTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_backup_amid_appends_and_rebuilds_restores_to_rows_that_equal_the_log()
    {
        using TempFolder folder = new();
        await using EngineRig rig = await new EngineRig("", [.. SsbViews.Catalog.Views]).StartAsync();
        await PublishAsync(rig.Alice, 3);
        foreach (IView view in SsbViews.Catalog.Views) await rig.CaughtUpAsync(view.Name);
        using CancellationTokenSource enough = new(Patience);
        Task appends = AppendUntilAsync(rig, enough.Token);
        BackupReport last = null!;
        for (int round = 0; round < 4; round++)
        {
            await rig.Alice.RebuildAsync(ViewSelection.All);
            long before = rig.Alice.Log.Head.Value;
            last = await BackUpAsync(rig.Alice, folder["backup"]);
            Assert.True(last.Manifest.Log.Head.Value >= before, "what was there at the call is in the backup");
            Assert.Null(last.AnewBecause);
            Assert.All(last.Manifest.Views, view => Assert.True(view.Since <= last.Manifest.Log.Head.Value));
        }

        await enough.CancelAsync();
        await appends.WaitAsync(Patience);
        Assert.Equal(3, last.Manifest.NewestOwn);
        Assert.Equal(SsbViews.Catalog.Views.Count, last.Manifest.Views.Count);

        RestoreReport restored = Restore(folder, new RestoreRequest("again", null, null, false));
        Assert.True(restored.IsGuarded);
        IdentityFiles files = new DataDirectory(folder["data"]).Identity("again");
        byte[] log = await File.ReadAllBytesAsync(files.Log);
        Assert.Equal(last.Manifest.Log.Bytes, log.Length);
        Assert.Equal((await ReadSharedAsync(rig.LogPath))[..log.Length], log);
        await AssertRowsAsync(files, last.Manifest.Views.Select(view => view.Name));
    }

    [Fact]
    public async Task A_later_backup_writes_what_is_new_and_begins_anew_where_the_copy_or_the_log_has_changed()
    {
        using TempFolder folder = new();
        string copy = folder["copy.offset"];
        using OffsetLog log = OffsetLog.Open(folder["log.offset"]);
        Offset first = log.Append(Encoding.UTF8.GetBytes("{\"a\":1}"), Durability.Os);
        LogCopyReport one = LogBackup.Copy(log, copy, null);
        for (int i = 0; i < 5000; i++) log.Append(new byte[100].Select(_ => (byte)'x').ToArray(), Durability.Memory);
        LogCopyReport two = LogBackup.Copy(log, copy, one.State);
        Assert.Equal((log.EndPosition - one.State.Bytes, null), (two.NewBytes, two.AnewBecause));
        Assert.Equal((0L, two.State), ReportOf(LogBackup.Copy(log, copy, two.State)));

        File.AppendAllText(copy, "a backup that died while it was adding");
        Assert.Equal((0L, two.State), ReportOf(LogBackup.Copy(log, copy, two.State)));

        byte[] bytes = await File.ReadAllBytesAsync(copy);
        bytes[200_000] ^= 1;
        await File.WriteAllBytesAsync(copy, bytes);
        Assert.Contains("differs from the recorded one", LogBackup.Copy(log, copy, two.State).AnewBecause);
        File.Delete(copy);
        Assert.Contains("does not exist", LogBackup.Copy(log, copy, two.State).AnewBecause);

        log.Delete(first, Durability.Os);
        LogCopyReport anew = LogBackup.Copy(log, copy, two.State);
        Assert.Contains("a record was deleted", anew.AnewBecause);
        Assert.True(LogVerifier.Verify(copy).Sound);
        Assert.Throws<IOException>(() => LogBackup.Restore(copy, folder["restored"], two.State));
        LogBackup.Restore(copy, folder["restored again"], anew.State);
    }

    [Fact]
    public async Task A_restored_identity_publishes_once_it_is_known_that_nothing_newer_exists()
    {
        using TempFolder folder = new();
        await using EngineRig rig = await new EngineRig("", [.. SsbViews.Catalog.Views]).StartAsync();
        await PublishAsync(rig.Alice, 2);
        await BackUpAsync(rig.Alice, folder["backup"]);

        string live = rig.DataDirectory;
        Assert.False(Restore(folder, new RestoreRequest("same", live, null, false)).IsGuarded);
        Directory.Delete(folder["data", "identities", "same"], recursive: true);
        Assert.False(Restore(folder, new RestoreRequest("told", null, 2, false)).IsGuarded);
        Directory.Delete(folder["data", "identities", "told"], recursive: true);

        await PublishAsync(rig.Alice, 1);
        RestoreReport behind = Restore(folder, new RestoreRequest("behind", live, null, false));
        Assert.Equal((true, 2L, 3L), (behind.IsGuarded, behind.NewestOwn, behind.NewestElsewhere));
        IOException taken = Assert.Throws<IOException>(() => Restore(folder, new RestoreRequest("twice", null, null, true)));
        Assert.Contains("fork", taken.Message);
        Assert.Contains("never replaces", Assert.Throws<IOException>(
            () => Restore(folder, new RestoreRequest("behind", null, null, true))).Message);

        await using OfflineEngine session = OfflineEngine.Start(new DataDirectory(folder["data"]), new OfflineUse(Writes: true));
        IIdentity identity = await session.OpenAsync("behind", CancellationToken.None);
        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => PublishAsync(identity, 1));
        Assert.Contains("fork", refused.Message);
        JsValue newer = await CallAsync(rig.Alice, "getAtSequence",
            JsValue.From(new JsArray().Add(JsValue.From(rig.Alice.Keys!.Id)).Add(JsValue.From(3))));
        await CallAsync(identity, "add", newer["value"]);
        await PublishAsync(identity, 1); // the third is there again, so that the fourth forks nothing
        Assert.True((await CallAsync(identity, "flume.restored")).IsNull);
    }

    [Fact]
    public async Task Who_vouches_for_it_publishes_from_a_backup_of_unknown_age()
    {
        using TempFolder folder = new();
        await using EngineRig rig = await new EngineRig("", [.. SsbViews.Catalog.Views]).StartAsync();
        await PublishAsync(rig.Alice, 1);
        await BackUpAsync(rig.Alice, folder["backup"]);
        Assert.True(Restore(folder, new RestoreRequest("me", null, null, false)).IsGuarded);
        await using OfflineEngine session = OfflineEngine.Start(new DataDirectory(folder["data"]), new OfflineUse(Writes: true));
        IIdentity identity = await session.OpenAsync("me", CancellationToken.None);
        await Assert.ThrowsAsync<ApiException>(() => PublishAsync(identity, 1));
        Assert.Equal(1, (await CallAsync(identity, "flume.restored"))["newestInBackup"].AsNumber);
        Assert.True((await CallAsync(identity, "flume.confirmRestore")).AsBoolean);
        await PublishAsync(identity, 1);
        Assert.False((await CallAsync(identity, "flume.confirmRestore")).AsBoolean);
    }

    [Fact]
    public async Task A_folder_that_is_no_backup_of_this_identity_is_left_alone()
    {
        using TempFolder folder = new();
        await using EngineRig rig = await new EngineRig("", [.. SsbViews.Catalog.Views]).StartAsync();
        Directory.CreateDirectory(folder["other"]);
        await File.WriteAllTextAsync(folder["other", "log.offset"], "somebody's");
        await Assert.ThrowsAsync<IOException>(() => BackUpAsync(rig.Alice, folder["other"]));
        Assert.Equal("somebody's", await File.ReadAllTextAsync(folder["other", "log.offset"]));
        await BackUpAsync(rig.Alice, folder["alice"]);
        IIdentity bob = await rig.Engine.CreateAsync("bob");
        IOException foreign = await Assert.ThrowsAsync<IOException>(() => BackUpAsync(bob, folder["alice"]));
        Assert.Contains("is a backup of", foreign.Message);
        await Assert.ThrowsAsync<IOException>(
            () => BackUpAsync(bob, Path.Combine(rig.DataDirectory, "identities", "bob", "backup")));
    }

    [Fact]
    public async Task A_folder_that_holds_anything_else_is_refused_and_left_as_it_is()
    {
        using TempFolder folder = new();
        await using EngineRig rig = await new EngineRig().StartAsync();
        Directory.CreateDirectory(folder["project", "views", "mine"]);
        await File.WriteAllTextAsync(folder["project", "views", "mine", "precious"], "x");
        await File.WriteAllTextAsync(folder["project", "secret"], "of somebody else");

        IOException refused = await Assert.ThrowsAsync<IOException>(() => BackUpAsync(rig.Alice, folder["project"]));

        Assert.Contains("neither empty nor a backup", refused.Message, StringComparison.Ordinal);
        Assert.Equal("x", await File.ReadAllTextAsync(folder["project", "views", "mine", "precious"]));
        Assert.Equal("of somebody else", await File.ReadAllTextAsync(folder["project", "secret"]));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder["project"]).Length);
    }

    [Fact]
    public async Task A_backup_that_fails_behind_the_log_leaves_the_earlier_one_whole()
    {
        using TempFolder folder = new();
        await using EngineRig rig = await new EngineRig("", [.. SsbViews.Catalog.Views]).StartAsync();
        await PublishAsync(rig.Alice, 3);
        BackupReport first = await BackUpAsync(rig.Alice, folder["backup"]);
        await rig.Alice.DeleteAsync(Offset.Zero);
        string secret = Path.Combine(rig.Alice.Directory, "secret");
        File.Move(secret, secret + ".away");
        await Assert.ThrowsAnyAsync<IOException>(() => BackUpAsync(rig.Alice, folder["backup"]));
        File.Move(secret + ".away", secret);

        RestoreReport restored = Restore(folder, new RestoreRequest("again", null, null, false));

        Assert.Equal(first.Manifest.Log, restored.Manifest.Log);
        BackupReport third = await BackUpAsync(rig.Alice, folder["backup"]);
        Assert.NotNull(third.AnewBecause);
        Assert.Equal(["backup.json", "backup.lock", "journal.jsonl", "log.offset", "secret", "views"],
            Directory.GetFileSystemEntries(folder["backup"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_first_backup_that_failed_can_be_tried_again_in_its_folder()
    {
        using TempFolder folder = new();
        await using EngineRig rig = await new EngineRig("", [.. SsbViews.Catalog.Views]).StartAsync();
        await PublishAsync(rig.Alice, 1);
        string secret = Path.Combine(rig.Alice.Directory, "secret");
        File.Move(secret, secret + ".away");
        await Assert.ThrowsAnyAsync<IOException>(() => BackUpAsync(rig.Alice, folder["backup"]));
        File.Move(secret + ".away", secret);

        BackupReport second = await BackUpAsync(rig.Alice, folder["backup"]);

        Assert.Equal(second.Manifest.Log, Restore(folder, new RestoreRequest("again", null, null, false)).Manifest.Log);
    }

    [Fact]
    public async Task Pauses_and_blobs_are_in_a_backup_and_everything_in_it_is_its_owners_alone()
    {
        using TempFolder folder = new();
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(3);
        EngineRig.Accepted(await rig.Alice.PauseAsync(ViewSelection.One("beta"), "night"));
        string blob = Path.Combine(rig.Alice.Directory, "blobs", "sha256", "ab", "cd");
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        await File.WriteAllTextAsync(blob, "a blob");
        await BackUpAsync(rig.Alice, folder["backup"]);

        Restore(folder, new RestoreRequest("again", null, null, AcceptForkRisk: true));

        IReadOnlyList<byte[]> events = IdentityEvents.Export(IdentityEvents.JournalIn(folder["data"]), "again");
        Assert.Contains(events, one => Encoding.UTF8.GetString(one).Contains("night", StringComparison.Ordinal));
        Assert.Equal("a blob", await File.ReadAllTextAsync(folder["data", "identities", "again", "blobs", "sha256", "ab", "cd"]));
        if (OperatingSystem.IsWindows()) return;
        EnumerationOptions all = new() { RecurseSubdirectories = true };
        string[] stores = Directory.GetFiles(folder["backup"], "*", all);
        Assert.All(stores.Where(file => !file.Contains("store-", StringComparison.Ordinal)),
            file => Assert.Equal(OwnerFile.FileMode0600, File.GetUnixFileMode(file)));
        Assert.Equal(OwnerFile.FolderMode0700, File.GetUnixFileMode(folder["backup"]));
    }

    [Fact]
    public async Task Invites_and_known_peers_are_in_a_backup_until_the_identity_has_none()
    {
        using TempFolder folder = new();
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(1);
        string[] names = ["invites.json", "conn.json", Path.Combine("blobs", "pushed.json")];
        Directory.CreateDirectory(Path.Combine(rig.Alice.Directory, "blobs"));
        foreach (string name in names) await File.WriteAllTextAsync(Path.Combine(rig.Alice.Directory, name), $"\"{name}\"");
        Directory.CreateDirectory(Path.Combine(rig.Alice.Directory, "ebt"));
        await BackUpAsync(rig.Alice, folder["backup"]);
        Restore(folder, new RestoreRequest("again", null, null, AcceptForkRisk: true));
        foreach (string name in names)
            Assert.Equal($"\"{name}\"", await File.ReadAllTextAsync(folder["data", "identities", "again", name]));
        Assert.False(Directory.Exists(folder["data", "identities", "again", "ebt"]));

        File.Delete(Path.Combine(rig.Alice.Directory, "invites.json"));
        await BackUpAsync(rig.Alice, folder["backup"]);
        Assert.False(File.Exists(folder["backup", "invites.json"]));
    }

    [Fact]
    public async Task One_key_pair_under_two_names_is_refused()
    {
        using TempFolder folder = new();
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(1);
        string twin = Path.Combine(rig.DataDirectory, "identities", "twin");
        Directory.CreateDirectory(twin);
        File.Copy(Path.Combine(rig.Alice.Directory, "secret"), Path.Combine(twin, "secret"));
        using (OffsetLog log = OffsetLog.Open(Path.Combine(twin, "log.offset")))
            log.Append(EngineRig.Message(1), Durability.Fsync);

        var refused = await Assert.ThrowsAsync<IdentityRejectedException>(() => rig.Engine.OpenAsync("twin"));

        Assert.Contains("the same key pair as 'alice'", refused.Message, StringComparison.Ordinal);
        DataDirectory data = new(rig.DataDirectory);
        ImportRequest import = new(Path.Combine(twin, "log.offset"), "third", Path.Combine(twin, "secret"));
        Assert.Throws<IOException>(() => LogImporter.Copy(data, import, null, CancellationToken.None));
        Assert.False(File.Exists(data.Identity("third").Log));
    }

    private static (long New, LogCopyState State) ReportOf(LogCopyReport report) => (report.NewBytes, report.State);

    private static Task<BackupReport> BackUpAsync(IIdentity identity, string folder) =>
        new BackupWriter(identity, folder, null, TimeProvider.System).RunAsync(CancellationToken.None).WaitAsync(Patience);

    private static RestoreReport Restore(TempFolder folder, RestoreRequest request) =>
        new BackupReader(folder["backup"], new DataDirectory(folder["data"]), null, TimeProvider.System)
            .Run(request, CancellationToken.None);

    private static async Task AppendUntilAsync(EngineRig rig, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested) await rig.AppendAsync(200);
    }

    private static async Task PublishAsync(IIdentity identity, int count)
    {
        for (int i = 0; i < count; i++)
            await CallAsync(identity, "publish", JsValue.ParseWhole("{\"type\":\"post\",\"text\":\"hello\"}"u8.ToArray()));
    }

    private static async Task<JsValue> CallAsync(IIdentity identity, string method, params JsValue[] args)
    {
        Assert.True(BuiltInApi.Table.TryGet(method, out ApiMethod known), method);
        JsArray list = new(args);
        return await known.Call!(new ApiCall(identity, list, CancellationToken.None)).AsTask().WaitAsync(Patience);
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static async Task AssertRowsAsync(IdentityFiles files, IEnumerable<string> views)
    {
        using OffsetLog log = OffsetLog.Open(files.Log, new LogOptions { ReadOnly = true });
        Unboxer boxes = new(SecretFile.Read(files.Secret));
        foreach (string name in views)
        {
            ViewCheckReport report = await OfflineCheck.RunAsync(
                SsbViews.Catalog.Get(name), files.View(name), (log, new SsbFormat(boxes)), new ViewCheckOptions());
            Assert.True(report.Agrees, $"{name}: {string.Join(' ', report.Faults)} {report.Wrong} wrong");
        }
    }
}
