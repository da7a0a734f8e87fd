using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Flume.Log;
using Flume.Query.Json;
using Flume.Testing;
using Flume.TestKit;
using Flume.Views.Checking;
using Flume.Views.Indexing;
using Flume.Views.Projections;
using Flume.Views.Rebuilds;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views.Tests.Records;

/// <summary>
/// What every kind of view keeps of records that are no messages: rebuilt, grown and restarted rows are the same, a check
/// agrees, and exactly the records that are no JSON are skipped.
/// </summary>
public abstract class PlainRecordContract
{
    private const int Records = 400;
    private readonly Dice _dice = new();

    internal abstract IView View { get; }

    [Fact]
    public async Task Random_plain_records_give_the_same_rows_rebuilt_grown_and_restarted_and_a_check_agrees()
    {
        using TempLog folder = new();
        using OffsetLog log = folder.Open();
        int broken = 0;
        PlainRecords records = new(_dice);
        for (int i = 0; i < Records; i++)
        {
            (byte[] bytes, bool isJson) = records.Next();
            if (!isJson) broken++;
            log.Append(bytes, Durability.Memory);
        }

        using MemoryViewStore grown = new(), restarted = new();
        Grow(grown, log, restarts: false);
        Grow(restarted, log, restarts: true);
        string rebuilt = Rebuilt(log, folder.Directory);

        Assert.True(rebuilt.Length > 0, $"no record meant a row; {_dice.Replay}");
        Assert.True(rebuilt == Text(grown), _dice.Replay);
        Assert.True(rebuilt == Text(restarted), _dice.Replay);
        Assert.True(broken == grown.Checkpoint.Skipped, $"{broken} are broken, {grown.Checkpoint.Skipped} were skipped; {_dice.Replay}");
        Assert.Equal(broken, restarted.Checkpoint.Skipped);
        using IViewReader rows = grown.OpenReader();
        ViewCheckReport report = await ViewCheck.RunAsync(
            new ViewCheckTarget(View, rows, log, RecordFormat.Json), new ViewCheckOptions());
        Assert.True(report.Agrees, string.Join(" ", report.Faults.Concat(report.Differences.Select(one => one.ToString()))));
        Assert.Equal(Records, report.Records);
    }

    private void Grow(MemoryViewStore store, OffsetLog log, bool restarts)
    {
        DecodedBatches batches = new(log, RecordFormat.Json);
        ViewIndexer indexer = new(View, store);
        while (batches.Take(indexer.Since, new RunLimits(1 + _dice.Next(40), 1 << 20)) is { } run)
        {
            using (run) indexer.Step(run);
            if (restarts) indexer = new ViewIndexer(View, store);
        }
    }

    private string Rebuilt(OffsetLog log, string folder)
    {
        using RocksViewStore store = RocksViewStore.Open(
            Path.Combine(folder, "rebuilt"), View.Name, new StoreResources(new StoreLimits()));
        if (View is IReducingView)
        {
            DecodedBatches batches = new(log, RecordFormat.Json);
            using DecodedBatch run = batches.Take(Offset.None, new RunLimits(int.MaxValue, long.MaxValue))!;
            new ViewIndexer(View, store).Step(run);
        }
        else
        {
            BulkResult result = BulkIndexer.RunAsync(
                new BulkRequest(log, RecordFormat.Json, [new BulkTarget(View, store)])).GetAwaiter().GetResult();
            Assert.Null(result.Views[0].Failure);
        }

        return Text(store);
    }

    private static string Text(IViewStore store)
    {
        using IViewReader rows = store.OpenReader();
        using StringWriter text = new();
        StoreDump.Write(rows, text);
        return text.ToString();
    }

    internal static IView Declared(string query) =>
        ViewDefinition.Declared("declared", JsValue.Parse(query).AsArray).ToView(RegisteredLimits.Default);
}

public sealed class DeclaredItemsOfPlainRecordsTests : PlainRecordContract
{
    internal override IView View { get; } = Declared("""[{"$filter":{"amount":{"$gt":20}}},{"$map":{"who":"id","n":"amount"}}]""");
}

public sealed class DeclaredGroupsOfPlainRecordsTests : PlainRecordContract
{
    internal override IView View { get; } = Declared("""[{"$reduce":{"id":"id","n":{"$count":true},"sum":{"$sum":"amount"}}}]""");
}

public sealed class PlugInOfPlainRecordsTests : PlainRecordContract
{
    internal override IView View { get; } = new ByIdView();

    /// <summary>Indexes records by their id, and keeps the latest of each.</summary>
    private sealed class ByIdView : IView
    {
        public string Name => "by-id";

        public int Version => 1;

        public void Apply(DecodedRecord message, RowSink rows)
        {
            rows.Post(1, 0, 0);
            JsValue id = message.ToJsValue()["id"];
            if (!id.IsString) return;
            rows.Post(2, Flume.Log.Primitives.Fingerprint.Of(Encoding.UTF8.GetBytes(id.AsString)), 0);
            rows.Put(Encoding.UTF8.GetBytes(id.AsString), message.Payload.Span);
        }
    }
}

public sealed class ProjectionOfPlainRecordsTests : PlainRecordContract
{
    internal override IView View { get; } = new Totals();

    [Fact]
    public void A_projection_folds_the_events_that_it_can_read_and_passes_over_the_others()
    {
        Totals totals = new();
        using MemoryRows rows = MemoryRows.Of(
            totals, """{"id":"a","amount":2}""", "no JSON", """{"other":1}""", """{"id":"a","amount":3}""",
            """{"id":"b","amount":7}""", """{"id":"b","amount":-1}""");
        using IViewReader read = rows.Open();

        Assert.Equal(new Total(2, 5), totals.Find(read, "a"));
        Assert.Equal(["a"], totals.Rows(read).Select(row => row.Key));
        Assert.Null(totals.Find(read, "b"));
    }

    [Fact]
    public void One_line_proves_a_projection_and_names_the_row_of_a_view_that_keeps_state()
    {
        string[] events = [.. Enumerable.Range(1, 50).Select(n => $$"""{"id":"{{n % 5}}","amount":{{n}}}"""), "no JSON"];
        ViewProof.Holds(new Totals(), events);

        ViewProofException error = Assert.Throws<ViewProofException>(() => ViewProof.Holds(new CountingView(), events));
        Assert.Contains("no field of the view", error.Message);
        Assert.Contains("nothing was shown", Assert.Throws<ViewProofException>(
            () => ViewProof.Holds(new Totals(), ["no JSON"])).Message);
    }

    private sealed record Sale
    {
        [JsonRequired]
        public string? Id { get; init; }

        [JsonRequired]
        public int Amount { get; init; }
    }

    private sealed record Total(int Count, long Sum);

    private sealed class Totals : Projection<Sale, Total>
    {
        public override string Name => "totals";

        protected override void Apply(Sale @event, ProjectionRows<Total> rows)
        {
            if (@event.Id is null) return;
            if (@event.Amount < 0)
            {
                rows.Remove(@event.Id);
                return;
            }

            Total before = rows.Find(@event.Id) ?? new Total(0, 0);
            rows.Set(@event.Id, new Total(before.Count + 1, before.Sum + @event.Amount));
        }
    }

    private sealed class CountingView : IView
    {
        private int _seen;

        public string Name => "counting";

        public int Version => 1;

        public void Apply(DecodedRecord message, RowSink rows) =>
            rows.Put("seen"u8, Encoding.UTF8.GetBytes(Interlocked.Increment(ref _seen).ToString()));
    }
}
