using Flume.Actors;
using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Checking;

namespace Flume.Torture;

/// <summary>Compares the rows of an identity that nobody serves with its log.</summary>
internal static class RowsJudge
{
    /// <summary>What differs, one line a view; empty when every row agrees.</summary>
    public static async Task<IReadOnlyList<string>> CompareAsync(string data, string identity)
    {
        IdentityFiles files = IdentityFiles.In(Path.Combine(data, "identities", identity));
        List<string> wrong = [];
        try
        {
            using OffsetLog log = OffsetLog.Open(files.Log, new LogOptions { ReadOnly = true });
            Unboxer? boxes = File.Exists(files.Secret) ? new Unboxer(SecretFile.Read(files.Secret)) : null;
            foreach (IView view in SsbViews.Catalog.Views)
            {
                ViewCheckReport report = await OfflineCheck.RunAsync(
                    view, Path.Combine(files.Views, view.Name), (log, new SsbFormat(boxes)), new ViewCheckOptions { Degree = 1 });
                if (!report.Agrees)
                    wrong.Add($"{view.Name} since {report.Since}, head {log.Head}: {string.Join("; ", report.Faults)} "
                        + $"{string.Join("; ", report.Differences.Take(2))}");
            }
        }
        catch (Exception failed) when (failed is LogException or IOException or InvalidOperationException)
        {
            wrong.Add(failed.Message);
        }

        return wrong;
    }
}
