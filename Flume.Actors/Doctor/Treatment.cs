using Flume.Actors;
using Flume.Codec.Messages;
using Flume.Log;
using Flume.Views;
using Flume.Views.Bulk;

namespace Flume.Doctor;

/// <summary>Does what findings propose, in their order, and then derives anew the rows that were taken away.</summary>
/// <remarks>The caller has the directory to itself. One cure that fails leaves the others to be done.</remarks>
public sealed class Treatment
{
    private readonly Dictionary<string, List<IView>> _rebuilds = new(StringComparer.Ordinal);
    private readonly string _directory;

    private Treatment(string directory, TimeProvider time)
    {
        _directory = directory;
        Aside = new SetAside(directory, time);
    }

    /// <summary>Takes what is taken away.</summary>
    internal SetAside Aside { get; }

    /// <summary>Treats every finding that can be fixed.</summary>
    /// <returns>What was done, and the folder with all that was set aside, or null.</returns>
    public static async Task<(IReadOnlyList<Treated> Done, string? Folder)> RunAsync(
        string directory, IReadOnlyList<Finding> findings, TimeProvider time, CancellationToken cancel = default)
    {
        Treatment treatment = new(Path.GetFullPath(directory), time);
        List<Treated> treated = [];
        foreach (Finding finding in findings)
        {
            if (finding.Cure is not { } cure) continue;
            cancel.ThrowIfCancellationRequested();
            treated.Add(Try(finding, () => cure(treatment)));
        }

        foreach ((string identity, List<IView> views) in treatment._rebuilds)
            treated.Add(await treatment.RebuildAsync(identity, views, cancel).ConfigureAwait(false));
        return (treated, treatment.Aside.Folder);
    }

    /// <summary>Asks for a view's rows to be derived anew once all else is done.</summary>
    internal void Rebuild(string identity, IView view)
    {
        if (!_rebuilds.TryGetValue(identity, out List<IView>? views)) _rebuilds[identity] = views = [];
        if (!views.Contains(view)) views.Add(view);
    }

    private async Task<Treated> RebuildAsync(string identity, List<IView> views, CancellationToken cancel)
    {
        string names = string.Join(", ", views.Select(view => view.Name));
        Finding finding = new("rows-derived", $"identities/{identity}/views", $"Rows of {names} were set aside.",
            "Derive them anew from the log.");
        try
        {
            IdentityFiles files = IdentityFiles.In(Path.Combine(_directory, "identities", identity));
            RebuildReport report = await IdentityRebuild.RunAsync(files, views, cancel: cancel).ConfigureAwait(false);
            return report.Views.FirstOrDefault(view => view.Failure is not null) is { } failed
                ? new Treated(finding, null, $"{failed.Name}: {failed.Failure}")
                : new Treated(finding, $"derived {names} anew from {report.Records} records", null);
        }
        catch (Exception cause) when (cause is LogException or IOException or UnauthorizedAccessException
            or SecretFileException)
        {
            return new Treated(finding, null, $"{cause.Message} The next start tries again.");
        }
    }

    private static Treated Try(Finding finding, Func<string> cure)
    {
        try
        {
            return new Treated(finding, cure(), null);
        }
        catch (Exception cause) when (cause is LogException or IOException or UnauthorizedAccessException)
        {
            return new Treated(finding, null, cause.Message);
        }
    }
}
