using System.Text;
using Flume.Log;
using Flume.Views;
using Flume.Views.Indexing;
using Flume.Views.Rebuilds;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Testing;

/// <summary>Proves of a view what Flume relies on: rebuilt, grown and restarted, its rows are the same.</summary>
public static class ViewProof
{
    /// <summary>Proves it of records given as JSON text.</summary>
    /// <inheritdoc cref="Holds(IView, IReadOnlyList{ReadOnlyMemory{byte}}, int)"/>
    public static void Holds(IView view, params IEnumerable<string> records) =>
        Holds(view, [.. records.Select(record => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(record))]);

    /// <summary>
    /// Builds the rows of these records at once, in random steps, and in random steps with a restart behind each; then
    /// compares all rows. A record that is no JSON must harm nothing, so give some.
    /// </summary>
    /// <param name="view">The view.</param>
    /// <param name="records">What the log holds; at least one must mean a row.</param>
    /// <param name="seed">What the steps are drawn with; the same seed draws the same again.</param>
    /// <exception cref="ViewProofException">Rows differ, or no record means any; the message says which.</exception>
    public static void Holds(IView view, IReadOnlyList<ReadOnlyMemory<byte>> records, int seed = 1)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("flume-proof-");
        try
        {
            using OffsetLog log = OffsetLog.Open(Path.Combine(folder.FullName, "log.offset"));
            if (records.Count > 0) log.Append([.. records], Durability.Memory);
            string rebuilt = Rebuilt(view, log, folder.FullName);
            if (rebuilt.Length == 0)
                throw new ViewProofException(
                    $"None of the {records.Count} records means a row for view '{view.Name}', so nothing was shown. " +
                    "Give records that it stores rows for.");
            Random random = new(seed);
            Compare(view, "grown in steps", rebuilt, Grown(view, log, random, restarts: false));
            Compare(view, "restarted between steps", rebuilt, Grown(view, log, random, restarts: true));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Rebuilt(IView view, OffsetLog log, string folder)
    {
        using RocksViewStore store = RocksViewStore.Open(
            Path.Combine(folder, "store"), view.Name, new StoreResources(new StoreLimits()));
        if (view is IReducingView)
            Step(new ViewIndexer(view, store), log, () => int.MaxValue);
        else
        {
            BulkResult result = BulkIndexer.RunAsync(new BulkRequest(
                log, RecordFormat.Json, [new BulkTarget(view, store)])).GetAwaiter().GetResult();
            if (result.Views[0].Failure is { } failure)
                throw new ViewProofException($"View '{view.Name}' threw in a rebuild: {failure.Message}", failure);
        }

        using IViewReader rows = store.OpenReader();
        return Text(rows);
    }

    private static string Grown(IView view, OffsetLog log, Random random, bool restarts)
    {
        using MemoryViewStore store = new();
        ViewIndexer indexer = new(view, store);
        while (store.Checkpoint.Since < log.Head)
        {
            int most = 1 + Math.Max(1, (int)Math.Min(64, log.Head.Value));
            Step(indexer, log, () => random.Next(1, most), once: restarts);
            if (restarts) indexer = new ViewIndexer(view, store);
        }

        using IViewReader rows = store.OpenReader();
        return Text(rows);
    }

    private static void Step(ViewIndexer indexer, OffsetLog log, Func<int> records, bool once = false)
    {
        DecodedBatches batches = new(log, RecordFormat.Json);
        while (batches.Take(indexer.Since, new RunLimits(records(), long.MaxValue)) is { } run)
        {
            using (run) indexer.Step(run);
            if (once) return;
        }
    }

    private static string Text(IViewReader rows)
    {
        using StringWriter text = new();
        StoreDump.Write(rows, text);
        return text.ToString();
    }

    private static void Compare(IView view, string how, string rebuilt, string other)
    {
        if (rebuilt == other) return;
        string[] expected = rebuilt.Split('\n'), found = other.Split('\n');
        int at = 0;
        while (at < expected.Length && at < found.Length && expected[at] == found[at]) at++;
        throw new ViewProofException(
            $"Rows of view '{view.Name}' that were {how} are not the rebuilt ones. The first that differs: " +
            $"rebuilt '{expected.ElementAtOrDefault(at)}', {how} '{found.ElementAtOrDefault(at)}'. " +
            "Apply must depend on the records alone: no clock, no random, no field of the view.");
    }
}

/// <summary>A view does not keep what Flume relies on.</summary>
public sealed class ViewProofException(string message, Exception? cause = null) : Exception(message, cause);
