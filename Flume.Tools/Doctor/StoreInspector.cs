using Flume.Actors;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Checking;
using Flume.Views.Store;

namespace Flume.Tools.Doctor;

/// <summary>Inspects the stored rows of an identity's views: readability, since, and on request each row.</summary>
internal sealed partial class StoreInspector(Inspection inspection, IdentityFiles files)
{
    private readonly StoreResources _resources = new(new StoreLimits());

    /// <summary>The number of views whose rows are readable and can be continued.</summary>
    public int Sound { get; private set; }

    /// <summary>Inspects every view's folder.</summary>
    public async Task InspectAsync()
    {
        if (!System.IO.Directory.Exists(files.Views) || !File.Exists(files.Log)) return;
        using OffsetLog log = OffsetLog.Open(files.Log, new LogOptions { ReadOnly = true });
        string[] folders = System.IO.Directory.GetDirectories(files.Views);
        Array.Sort(folders, StringComparer.Ordinal);
        foreach (string folder in folders)
            await inspection.TryAsync(folder, () => InspectAsync(folder, log)).ConfigureAwait(false);
    }

    private async Task InspectAsync(string folder, OffsetLog log)
    {
        string name = Path.GetFileName(folder);
        bool isRegistered = name.StartsWith(IdentityFiles.RegisteredPrefix, StringComparison.Ordinal);
        if (isRegistered) name = name[IdentityFiles.RegisteredPrefix.Length..];
        if (!isRegistered && inspection.Options.OwnViews.FirstOrDefault(own => own.Name == name) is { } ownView)
        {
            InspectOwn(ownView, folder, log);
            return;
        }

        string? pointer = ViewStoreDirectory.PointerOf(folder);
        LeftOvers(folder, pointer);
        if (pointer is null) return;
        IView? view = !isRegistered && SsbViews.Catalog.Contains(name) ? SsbViews.Catalog.Get(name) : null;
        if (await FaultAsync(Path.Combine(folder, pointer), name, (view, log)).ConfigureAwait(false) is not { } fault)
        {
            Sound++;
            return;
        }

        inspection.Add(folder, new Finding(fault.Code, "", fault.Text,
            "Set the store aside and rebuild its rows from the log. A start does that, too, but keeps no copy.")
        {
            Fix = plan => Quarantine(plan, folder, view),
        });
    }

    private async Task<(string Code, string Text)?> FaultAsync(
        string store, string name, (IView? View, OffsetLog Log) side)
    {
        if (!System.IO.Directory.Exists(store))
            return ("store-missing", $"Its CURRENT names '{Path.GetFileName(store)}', which is not there.");
        try
        {
            using RocksViewStore open = RocksViewStore.OpenReadOnly(store, name, _resources);
            using IViewReader rows = open.OpenReader();
            Checkpoint at = rows.Checkpoint;
            if (at.Since > side.Log.Head)
                return ("store-ahead", $"Its rows reflect offset {at.Since}, above the log's head {side.Log.Head}.");
            long held = StoreDump.Digest(rows).Postings;
            if (held != at.BasePostings + at.OverlayPostings)
                return ("store-damaged", $"It holds {held} postings, and says {at.BasePostings + at.OverlayPostings}.");
            if (side.View is null || IsOlder(side.View, at, store)) return null;
            return inspection.Options.Rows ? await ProveAsync(side.View, rows, side.Log).ConfigureAwait(false) : null;
        }
        catch (Exception cause) when (cause is StoreDamagedException or IOException)
        {
            return ("store-damaged", cause.Message);
        }
    }

    private bool IsOlder(IView view, Checkpoint at, string store)
    {
        if (!at.Since.IsSome || at.Version == view.Version) return false;
        inspection.Add(store, new Finding("store-version", "",
            $"Its rows are of version {at.Version}, the view is of version {view.Version}.",
            "Nothing: the next start rebuilds them, and the old rows answer until then.")
        { IsNote = true });
        return true;
    }

    private async Task<(string Code, string Text)?> ProveAsync(IView view, IViewReader rows, OffsetLog log)
    {
        try
        {
            FeedKeys? keys = File.Exists(files.Secret) ? SecretFile.Read(files.Secret) : null;
            Unboxer? boxes = keys is null ? null : new Unboxer(keys);
            ViewCheckReport report = await ViewCheck.RunAsync(
                new ViewCheckTarget(view, rows, log, new SsbFormat(boxes)),
                new ViewCheckOptions { Progress = new Forwarder(inspection, Path.Combine(files.Views, view.Name)) },
                inspection.Cancel).ConfigureAwait(false);
            if (report.Agrees) return null;
            string first = report.Faults.Count > 0 ? report.Faults[0] : report.Differences[0].ToString();
            return ("rows-wrong", $"{report.Wrong} rows are not the fold of the log; the first: {first}");
        }
        catch (Exception cause) when (cause is LogDamagedException or SecretFileException)
        {
            return null; // the log and the secret have findings of their own
        }
    }

    private string Quarantine(RepairPlan plan, string folder, IView? view)
    {
        string to = plan.Aside.Move(folder, "its rows did not verify");
        if (view is null) return $"moved to {to}";
        plan.Rebuild(files, view);
        return $"moved to {to}, to be rebuilt";
    }

    private void LeftOvers(string folder, string? pointer)
    {
        foreach (string path in System.IO.Directory.GetFileSystemEntries(folder))
        {
            string name = Path.GetFileName(path);
            bool isStore = name.StartsWith("store-", StringComparison.Ordinal);
            bool isDraft = name.EndsWith(OwnerFile.TemporarySuffix, StringComparison.Ordinal);
            if (isStore ? name == pointer : !isDraft) continue;
            string what = isStore ? "a rebuild that a crash ended" : "a swap that a crash ended";
            LeftOverInspector.Add(inspection, path, what);
        }
    }

    private sealed class Forwarder(Inspection inspection, string path) : IProgress<ViewCheckProgress>
    {
        public void Report(ViewCheckProgress value) => inspection.Report(path, value.Done, value.Total);
    }
}
