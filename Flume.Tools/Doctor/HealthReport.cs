using Flume.Actors;
using Flume.Log;
using Flume.Views.Store;

namespace Flume.Tools.Doctor;

/// <summary>Inspects a whole data directory: logs, rows, keys, journal, and left-over files.</summary>
public static class HealthReport
{
    /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
    public static async Task<CheckupReport> RunAsync(CheckupOptions options, CancellationToken cancel = default)
    {
        options = options with { Directory = Path.GetFullPath(options.Directory) };
        if (!System.IO.Directory.Exists(options.Root))
            throw new DirectoryNotFoundException(
                $"There is no directory {options.Root}. Name the one that 'flume serve' has.");
        Inspection inspection = new(options, cancel);
        await inspection.TryAsync("journal.offset", () => JournalInspector.Inspect(inspection)).ConfigureAwait(false);
        List<IdentityCheckup> identities = [];
        foreach ((string name, IdentityFiles files) in Identities(options))
        {
            LogInspector log = new(inspection, files.Log);
            if (IsLink(inspection, files)) continue;
            await inspection.TryAsync(files.Log, log.Inspect).ConfigureAwait(false);
            await inspection.TryAsync(
                files.Secret, () => KeysInspector.Inspect(inspection, files)).ConfigureAwait(false);
            await inspection.TryAsync(
                files.Log, () => OwnFeedInspector.Inspect(inspection, files)).ConfigureAwait(false);
            StoreInspector stores = new(inspection, files);
            if (!options.IsHeld)
                await inspection.TryAsync(files.Views, stores.InspectAsync).ConfigureAwait(false);
            await inspection.TryAsync(files.Own, () => LeftOverInspector.Inspect(inspection, files)).ConfigureAwait(
                false);
            identities.Add(new IdentityCheckup(name, log.Records, log.Bytes, stores.Sound));
        }

        if (!options.IsHeld && options.Classic is null)
            foreach (string half in System.IO.Directory.GetDirectories(options.Directory, "restoring-*"))
                LeftOverInspector.Add(inspection, half, "a restore that never ended");
        await inspection.TryAsync(options.Directory, () => ModesInspector.Inspect(inspection)).ConfigureAwait(false);
        await inspection.TryAsync(options.Directory, () => DiskInspector.Inspect(inspection)).ConfigureAwait(false);
        return new CheckupReport(identities, inspection.Findings);
    }

    private static bool IsLink(Inspection inspection, IdentityFiles files)
    {
        try
        {
            files.RefuseLinks();
            return false;
        }
        catch (LogFormatException cause)
        {
            inspection.Add(files.Own, new Finding("symbolic-link", "", cause.Message,
                "Put the folder or file itself there. What the link names is left as it is."));
            return true;
        }
    }

    private static IEnumerable<(string Name, IdentityFiles Files)> Identities(CheckupOptions options)
    {
        if (options.Classic is { } classic) return [classic];
        string root = Path.Combine(options.Directory, "identities");
        if (!System.IO.Directory.Exists(root)) return [];
        string[] folders = System.IO.Directory.GetDirectories(root);
        Array.Sort(folders, StringComparer.Ordinal);
        return folders.Select(folder => (Path.GetFileName(folder), IdentityFiles.In(folder)));
    }
}

/// <summary>The state of a running inspection, shared by all inspectors.</summary>
internal sealed class Inspection(CheckupOptions options, CancellationToken cancel)
{
    private const int LooksMax = 4;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(150);

    private readonly List<Finding> _findings = [];

    /// <summary>The options of the inspection.</summary>
    public CheckupOptions Options => options;

    /// <summary>Cancels the inspection.</summary>
    public CancellationToken Cancel => cancel;

    /// <summary>The findings so far.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Adds a finding about a file or folder.</summary>
    public void Add(string path, Finding finding) => _findings.Add(finding with { Subject = Name(path) });

    /// <summary>A path in the form of findings: relative to the data directory, or to the classic one.</summary>
    public string Name(string path) => Path.GetRelativePath(options.Root, path);

    /// <summary>Reports progress.</summary>
    public void Report(string path, long done, long total) =>
        options.Progress?.Report(new CheckupProgress(Name(path), done, total));

    /// <summary>Runs an inspector; an unreadable file becomes a finding and does not end the inspection.</summary>
    public Task TryAsync(string path, Action inspect) => TryAsync(path, () =>
    {
        inspect();
        return Task.CompletedTask;
    });

    /// <inheritdoc cref="TryAsync(string, Action)"/>
    /// <remarks>
    /// A service changes and replaces its files while they are read, so one inspection can report false findings.
    /// In a directory that a service holds, a finding counts if each of several inspections reports it.
    /// </remarks>
    public async Task TryAsync(string path, Func<Task> inspect)
    {
        int before = _findings.Count;
        HashSet<(string, string)> earlier = [];
        for (int look = 1; ; look++)
        {
            await LookAsync(path, inspect).ConfigureAwait(false);
            List<Finding> found = _findings[before..];
            if (look > 1) found.RemoveAll(finding => !earlier.Contains(Place(finding)));
            _findings.RemoveRange(before, _findings.Count - before);
            bool isCertain = !options.IsHeld || look == LooksMax || found.TrueForAll(finding => finding.IsNote);
            if (isCertain)
            {
                _findings.AddRange(found);
                return;
            }

            earlier = [.. found.Select(Place)];
            await Task.Delay(LookAgainAfter, cancel).ConfigureAwait(false);
        }
    }

    private static (string Code, string Subject) Place(Finding finding) => (finding.Code, finding.Subject);

    private async Task LookAsync(string path, Func<Task> inspect)
    {
        cancel.ThrowIfCancellationRequested();
        try
        {
            await inspect().ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is LogException or StoreDamagedException or IOException
            or UnauthorizedAccessException)
        {
            Add(path, new Finding("unreadable", "", $"It can't be inspected: {cause.Message}",
                "Check the owner and mode of the file; its owner must be the user that runs flume."));
        }
    }
}
