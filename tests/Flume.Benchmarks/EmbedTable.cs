using System.Text.Json;
using System.Text.Json.Serialization;
using Flume.Actors;
using Flume.Actors.Hosting;
using Flume.Benchmarks.Tables;
using Flume.Log;
using Flume.Views;
using Flume.Views.Projections;
using Flume.Views.Store;

namespace Flume.Benchmarks;

/// <summary>
/// What a program that embeds Flume gets through the public API, beside what the engine does with the same events: plain
/// ones of about 60 bytes, appended by 1000 and synced each time, scanned, read at random, and folded by a projection.
/// </summary>
/// <remarks>Rounds go over all rows in turn. Each round has a fresh folder; the events are serialized before.</remarks>
internal sealed partial class EmbedTable(int events, int rounds)
{
    private const int Batch = 1000;
    private const int Gets = 100_000;
    private const int Customers = 10_000;
    private readonly List<string> _names = [];
    private readonly ReadOnlyMemory<byte>[][] _batches =
        [.. Enumerable.Range(0, (events + Batch - 1) / Batch).Select(batch => Payloads(batch * Batch, events))];
    private readonly Dictionary<string, Series> _rows = new(StringComparer.Ordinal);

    /// <summary>Measures and prints the table.</summary>
    public async Task RunAsync()
    {
        for (int round = 0; round <= rounds; round++)
        {
            // The first round is not counted: it compiles what runs.
            if (round == 1) _rows.Clear();
            string folder = Directory.CreateTempSubdirectory("flume-embed-").FullName;
            try
            {
                LogAlone(Path.Combine(folder, "alone.offset"));
                await EngineAsync(folder).ConfigureAwait(false);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }

            Console.Error.WriteLine($"round {round} of {rounds}");
        }

        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"{events:N0} plain events, {Customers:N0} rows, {rounds} rounds");
        Console.WriteLine();
        Console.WriteLine(Series.Head);
        foreach (string name in _names) Console.WriteLine(_rows[name]);
    }

    /// <summary>What a program does that takes Flume.Log alone.</summary>
    private void LogAlone(string path)
    {
        using OffsetLog log = OffsetLog.Open(path);
        List<Offset> offsets = [];
        Measure("Flume.Log: append by 1000, fsync", events, () =>
        {
            foreach (ReadOnlyMemory<byte>[] batch in _batches)
                offsets.AddRange(log.Append(batch, Durability.Fsync).Offsets);
        });
        Measure("Flume.Log: scan", events, () => Scan(log));
        Measure("Flume.Log: get", Gets, () => Get(log, offsets));
        Measure("by hand: the fold over Flume.Log", events, () => Fold(log));
    }

    /// <summary>The same through the engine, and its projection.</summary>
    private async Task EngineAsync(string folder)
    {
        Totals totals = new();
        FlumeSettings settings = FlumeSettings.Parse(
            $"akka {{ loglevel = OFF, stdout-loglevel = OFF }}\nflume.directory = \"{folder}\"", "bench");
        FlumeEngine engine = FlumeEngine.Start(new EngineServices(
            settings, new ViewCatalog([totals]), new StoreResources(settings.Store.ToLimits()), TimeProvider.System));
        FlumeLog orders = new(engine, "orders");
        Flume.Ssb.Api.IIdentity identity = await orders.OpenAsync().ConfigureAwait(false);
        List<Offset> offsets = [];
        Meter appending = new();
        foreach (ReadOnlyMemory<byte>[] batch in _batches)
            offsets.AddRange((await identity.AppendAsync(batch, Durability.Fsync).ConfigureAwait(false)).Offsets);
        Add(appending.Measure("engine: append by 1000, fsync", events));
        Measure("engine: scan, as its rebuilds do", events, () => ScanRuns(identity.Log));
        Measure("engine: get", Gets, () => Get(identity.Log, offsets));
        Meter following = new();
        await orders.FindAsync(totals, "customer-1").ConfigureAwait(false);
        Add(following.Measure("engine: the projection's rest after the last append", 1));
        Meter rebuilding = new();
        await orders.RebuildAsync(totals.Name).ConfigureAwait(false);
        Add(rebuilding.Measure("engine: the projection rebuilt", events));
        Total found = (await orders.FindAsync(totals, "customer-1").ConfigureAwait(false))!;
        if (found.Orders != events / Customers) throw new InvalidOperationException($"The projection folded {found}.");
        await engine.StopAsync().ConfigureAwait(false);
    }

    private static void Scan(OffsetLog log)
    {
        long bytes = 0;
        foreach (LogRecord record in log.Read(LogRange.All)) bytes += record.Payload.Length;
        if (bytes == 0) throw new InvalidOperationException("The log is empty.");
    }

    private static void ScanRuns(OffsetLog log)
    {
        using RecordBatch run = new();
        LogScanner scanner = new(log, Offset.None, log.Head);
        long bytes = 0;
        while (scanner.ReadRun(run))
            foreach (RunRecord record in run.Records) bytes += run.Payload(record).Length;
        if (bytes == 0) throw new InvalidOperationException("The log is empty.");
    }

    private static void Get(OffsetLog log, List<Offset> offsets)
    {
        Random random = new(1);
        for (int i = 0; i < Gets; i++) log.Get(offsets[random.Next(offsets.Count)]);
    }

    private void Fold(OffsetLog log)
    {
        Dictionary<string, Total> totals = [];
        foreach (LogRecord record in log.Read(LogRange.All))
        {
            Order order = JsonSerializer.Deserialize(record.Payload.Span, Json.Default.Order)!;
            Total before = totals.GetValueOrDefault(order.Customer) ?? new Total(0, 0);
            totals[order.Customer] = new Total(before.Orders + 1, before.Sum + order.Amount);
        }

        if (totals["customer-1"].Orders != events / Customers) throw new InvalidOperationException("The fold is wrong.");
    }

    private static ReadOnlyMemory<byte>[] Payloads(int from, int events)
    {
        var payloads = new ReadOnlyMemory<byte>[Math.Min(Batch, events - from)];
        for (int i = 0; i < payloads.Length; i++)
        {
            Order order = new($"customer-{(from + i) % Customers}", (from + i) % 100, "a cup of coffee");
            payloads[i] = JsonSerializer.SerializeToUtf8Bytes(order, Json.Default.Order);
        }

        return payloads;
    }

    private void Measure(string what, long count, Action work)
    {
        Meter meter = new();
        work();
        Add(meter.Measure(what, count));
    }

    private void Add(Measurement measurement)
    {
        if (!_rows.TryGetValue(measurement.What, out Series? row))
        {
            if (!_names.Contains(measurement.What)) _names.Add(measurement.What);
            _rows[measurement.What] = row = new Series(measurement.What);
        }

        row.Add(measurement);
    }

    private sealed record Order(string Customer, int Amount, string What);

    private sealed record Total(int Orders, long Sum);

    /// <summary>Orders and their sum by customer, as <see cref="Fold"/>.</summary>
    private sealed class Totals : Projection<Order, Total>
    {
        public override string Name => "totals";

        protected override JsonSerializerOptions JsonOptions => Json.Default.Options;

        protected override void Apply(Order @event, ProjectionRows<Total> rows)
        {
            Total before = rows.Find(@event.Customer) ?? new Total(0, 0);
            rows.Set(@event.Customer, new Total(before.Orders + 1, before.Sum + @event.Amount));
        }
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web,
        RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(Order))]
    [JsonSerializable(typeof(Total))]
    private sealed partial class Json : JsonSerializerContext;
}
