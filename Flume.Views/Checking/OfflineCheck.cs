using Flume.Log;
using Flume.Log.Primitives;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>
/// Checks a view of an identity that is not open in any service. The command <c>check</c> uses it, without actors.
/// </summary>
public static class OfflineCheck
{
    /// <summary>Opens the view's serving store and checks it.</summary>
    /// <param name="view">The view.</param>
    /// <param name="viewDirectory">The folder of the view's stores.</param>
    /// <param name="source">The log and the format of its records.</param>
    /// <param name="options">The thoroughness of the check.</param>
    /// <param name="cancel">Cancels the check.</param>
    /// <exception cref="IOException">Another process has the store open, or a disk operation fails.</exception>
    public static async Task<ViewCheckReport> RunAsync(
        IView view, string viewDirectory, (OffsetLog Log, RecordFormat Format) source, ViewCheckOptions options,
        CancellationToken cancel = default)
    {
        ViewCheckReport none = new() { View = view.Name, Since = Offset.None, IsFull = options.Sample is null };
        using ViewStoreDirectory directory = new(
            viewDirectory, view.Name, new StoreResources(new StoreLimits()));
        try
        {
            if (view is IOwnStoreView own)
            {
                OwnStoreCheck check = new(viewDirectory, source.Log, source.Format) { Options = options };
                return await DedicatedThread.Start(() => own.Check(check, cancel)).ConfigureAwait(false);
            }

            if (directory.OpenCurrent() is not { } store)
                return none with { Faults = ["The view has no rows yet; a start or a rebuild derives them."] };
            using IViewReader rows = store.OpenReader();
            return await ViewCheck.RunAsync(
                new ViewCheckTarget(view, rows, source.Log, source.Format), options, cancel).ConfigureAwait(false);
        }
        catch (StoreDamagedException damage)
        {
            return none with { Faults = [damage.Message] };
        }
    }
}
