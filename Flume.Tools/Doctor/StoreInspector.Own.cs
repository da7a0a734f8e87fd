using Flume.Actors;
using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Checking;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Tools.Doctor;

/// <content>Views that keep their rows in files of their own kind.</content>
internal sealed partial class StoreInspector
{
    private void InspectOwn(IOwnStoreView view, string folder, OffsetLog log)
    {
        if (System.IO.Directory.GetFileSystemEntries(folder).Length == 0) return;
        if (OwnFault(view, folder, log) is not { } fault)
        {
            Sound++;
            return;
        }

        inspection.Add(folder, new Finding(fault.Code, "", fault.Text,
            "Set the store aside; the next start builds it anew. A start does that, too, but keeps one copy only.")
        {
            Fix = plan => Quarantine(plan, folder, null),
        });
    }

    private (string Code, string Text)? OwnFault(IOwnStoreView view, string folder, OffsetLog log)
    {
        try
        {
            bool isQuick = !inspection.Options.Rows;
            ViewCheckReport report = view.Check(
                new OwnStoreCheck(folder, log, isQuick ? RecordFormat.Json : FormatOfIdentity())
                {
                    IsQuick = isQuick, Options = new ViewCheckOptions { Progress = new Forwarder(inspection, folder) },
                },
                inspection.Cancel);
            if (report.Agrees) return null;
            if (report.Faults.Count > 0) return ("store-damaged", report.Faults[0]);
            return ("rows-wrong",
                $"{report.Wrong} rows are not the fold of the log; the first: {report.Differences[0]}");
        }
        catch (Exception cause) when (cause is StoreDamagedException or IOException)
        {
            return ("store-damaged", cause.Message);
        }
        catch (Exception cause) when (cause is LogDamagedException or SecretFileException)
        {
            return null; // the log and the secret have findings of their own
        }
    }

    private RecordFormat FormatOfIdentity()
    {
        FeedKeys? keys = File.Exists(files.Secret) ? SecretFile.Read(files.Secret) : null;
        return IdentityViews.Format(IdentityKindFile.Read(files), keys is null ? null : new Unboxer(keys));
    }
}
