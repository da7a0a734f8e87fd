using System.Text.Json;
using System.Text.Json.Serialization;
using Flume.Actors.Hosting;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Checking;
using Flume.Views.Projections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Flume.Actors.Tests.Hosting;

/// <summary>Flume embedded in another program: AddFlume, injected views, log lines, health, typed events.</summary>
public sealed partial class HostingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flume-hosting-").FullName;
    private readonly LogLines _lines = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_host_appends_typed_events_and_reads_the_rows_of_an_injected_projection()
    {
        using IHost host = Build(options => options.AddLog("orders"));
        await host.StartAsync();
        FlumeLog orders = host.Services.GetRequiredService<FlumeLog>();
        Totals totals = host.Services.GetRequiredService<Totals>();
        Appended first = await orders.AppendAsync(new Order("ann", 3), SourceGenerated.Default.Order);
        await orders.AppendManyAsync([new Order("bob", 4), new Order("ann", 5)]);
        await orders.WaitForAsync(totals.Name, first);

        Assert.Equal(new Total(2, 8, "EUR"), await orders.FindAsync(totals, "ann"));
        Assert.Equal(["ann", "bob"], (await orders.RowsAsync(totals).ToListAsync()).Select(row => row.Key));
        List<Recorded<Order>> all = await orders.ReadAsync<Order>().ToListAsync();
        Assert.Equal([3, 4, 5], all.Select(one => one.Value.Amount));
        Assert.Equal([4, 5], (await orders.ReadAsync(SourceGenerated.Default.Order, all[0].Offset).ToListAsync())
            .Select(one => one.Value.Amount));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_projection_is_paused_resumed_rebuilt_and_checked_from_code()
    {
        using IHost host = Build(options => options.AddLog("orders"));
        await host.StartAsync();
        FlumeLog orders = host.Services.GetRequiredService<FlumeLog>();
        Totals totals = host.Services.GetRequiredService<Totals>();
        await orders.AppendManyAsync(Enumerable.Range(1, 100).Select(n => new Order($"c{n % 7}", n)));
        Total? before = await orders.FindAsync(totals, "c3");
        Assert.True((await orders.PauseAsync("totals", "a test")).IsAccepted);
        Assert.Equal(ViewState.Paused, (await orders.StatusAsync("totals")).State);
        Assert.True((await orders.ResumeAsync("totals")).IsAccepted);
        await orders.RebuildAsync("totals");

        Assert.Equal(before, await orders.FindAsync(totals, "c3"));
        ViewCheckReport report = await orders.CheckAsync("totals");
        Assert.True(report.Agrees);
        Assert.Equal((100, 7), (report.Records, report.Rows));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_rebuild_from_code_ends_when_its_fresh_rows_serve_or_says_why_there_are_none()
    {
        using IHost host = Build(options => options.AddLog("orders"));
        await host.StartAsync();
        FlumeLog orders = host.Services.GetRequiredService<FlumeLog>();
        await orders.AppendManyAsync(Enumerable.Range(1, 2000).Select(n => new Order($"c{n % 7}", n)));
        for (int times = 1; times <= 3; times++)
        {
            await orders.RebuildAsync("totals");
            Assert.Equal(times, (await orders.StatusAsync("totals")).Rebuilds);
        }

        await orders.PauseAsync("totals", "a test");
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => orders.RebuildAsync("totals"));
        Assert.Contains("is paused (a test)", refused.Message);
        await orders.ResumeAsync("totals");
        await orders.AppendAsync(new Order("throw", 1));
        await FaultedAsync(orders);
        InvalidOperationException failed = await Assert.ThrowsAsync<InvalidOperationException>(() => orders.RebuildAsync("totals"));
        Assert.Contains("has no fresh rows", failed.Message);
        Assert.Contains("This customer is not to be had.", failed.Message);
        await host.StopAsync();
    }

    [Fact]
    public async Task Records_of_another_shape_change_no_row_and_are_left_out_of_typed_reads()
    {
        using IHost host = Build(options => options.AddLog("orders"));
        await host.StartAsync();
        FlumeLog orders = host.Services.GetRequiredService<FlumeLog>();
        IIdentity identity = await orders.OpenAsync();
        await identity.AppendAsync(
            ["no JSON"u8.ToArray(), "{\"amount\":1}"u8.ToArray(), "{\"customer\":null,\"amount\":1}"u8.ToArray(), "7"u8.ToArray()],
            Durability.Os);
        await orders.AppendAsync(new Order("ann", 2));

        Assert.Equal(["ann"], (await orders.RowsAsync(host.Services.GetRequiredService<Totals>()).ToListAsync()).Select(row => row.Key));
        Assert.Equal([2], (await orders.ReadAsync<Order>().ToListAsync()).Select(one => one.Value.Amount));
        Assert.Equal((ViewState.Live, 1), ((await orders.StatusAsync("totals")).State, (await orders.StatusAsync("totals")).Skipped));
        await host.StopAsync();
    }

    [Fact]
    public async Task Writers_that_expect_a_head_decide_on_every_record_before_theirs()
    {
        const int Seats = 20;
        using IHost host = Build(options => options.AddLog("orders"));
        await host.StartAsync();
        FlumeLog orders = host.Services.GetRequiredService<FlumeLog>();
        Totals totals = host.Services.GetRequiredService<Totals>();
        async Task SellAsync()
        {
            while (true)
            {
                Offset head = await orders.HeadAsync();
                Total? sold = await orders.FindAsync(totals, "seat", ReadFreshness.AtLeast(head));
                if (sold?.Count >= Seats) return;
                try
                {
                    await orders.AppendAsync(new Order("seat", 1), expectedHead: head);
                }
                catch (AppendRejectedException moved) when (moved.Rejection == AppendRejection.HeadMoved)
                {
                    Assert.True(moved.Head >= head, $"{moved.Head} is before {head}");
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(SellAsync)));
        Assert.Equal(Seats, (await orders.FindAsync(totals, "seat"))!.Count);
        AppendTerms stale = AppendTerms.Expecting(Offset.None, Durability.Os);
        AppendRejectedException error = await Assert.ThrowsAsync<AppendRejectedException>(
            async () => await orders.AppendAsync([new Order("seat", 1)], SourceGenerated.Default.Order, stale));
        Assert.Equal((AppendRejection.HeadMoved, await orders.HeadAsync()), (error.Rejection, error.Head));
        Assert.Contains("then append again", error.Message);
        await host.StopAsync();
    }

    [Fact]
    public async Task Live_reading_gives_what_is_appended_later()
    {
        using IHost host = Build(options => options.AddLog("orders"));
        await host.StartAsync();
        FlumeLog orders = host.Services.GetRequiredKeyedService<FlumeLog>("orders");
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        await using IAsyncEnumerator<Recorded<Order>> live =
            orders.ReadAsync<Order>(null, live: true, patience.Token).GetAsyncEnumerator();
        ValueTask<bool> next = live.MoveNextAsync();
        await orders.AppendAsync(new Order("ann", 9));
        Assert.True(await next);
        Assert.Equal(9, live.Current.Value.Amount);
        await host.StopAsync();
    }

    [Fact]
    public async Task What_a_log_holds_outlives_the_host()
    {
        for (int run = 1; run <= 2; run++)
        {
            using IHost host = Build(options => options.AddLog("orders"));
            await host.StartAsync();
            FlumeLog orders = host.Services.GetRequiredService<FlumeLog>();
            await orders.AppendAsync(new Order("ann", 1));
            Assert.Equal(run, (await orders.FindAsync(host.Services.GetRequiredService<Totals>(), "ann"))!.Count);
            await host.StopAsync();
        }
    }

    [Fact]
    public async Task A_misspelled_key_stops_the_start_and_names_the_nearest_one()
    {
        using IHost host = Build(options => options.Configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Append:Group-Dealy-Ms", "5")]).Build());
        SettingsException error = await Assert.ThrowsAsync<SettingsException>(() => host.StartAsync());
        Assert.Contains("Did you mean flume.append.group-delay-ms?", error.Message);
        Assert.Contains("the host's options", error.Message);
    }

    [Fact]
    public async Task Settings_come_from_HOCON_and_from_a_configuration_section()
    {
        FlumeOptions options = new()
        {
            Directory = _folder,
            Hocon = "flume.append.group-max = 7",
            Configuration = new ConfigurationBuilder().AddInMemoryCollection(
                [new("Rebuild:Share", "0.5"), new("Views:Names:0", "feeds"), new("Views:Names:1", "query")]).Build(),
        };
        FlumeSettings settings = options.ToSettings();
        Assert.Equal((7, 0.5), (settings.Append.GroupMax, settings.Rebuild.Share));
        Assert.Equal(["feeds", "query"], settings.Views.Names);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task What_actors_log_arrives_at_the_hosts_logger_with_identity_and_view_as_scope()
    {
        using IHost host = Build(options => options.AddLog("orders"));
        await host.StartAsync();
        FlumeLog orders = host.Services.GetRequiredService<FlumeLog>();
        await orders.AppendAsync(new Order("throw", 1));
        await FaultedAsync(orders);
        await Until.TrueAsync(() => _lines.All.Any(line => line.Level >= LogLevel.Warning), "a warning is logged");

        LogLine warning = _lines.All.First(line => line.Level >= LogLevel.Warning);
        Assert.Contains(new KeyValuePair<string, object?>("FlumeIdentity", "orders"), warning.Scope);
        Assert.Contains(new KeyValuePair<string, object?>("FlumeView", "totals"), warning.Scope);
        Assert.Contains(_lines.All, line => line.Text.StartsWith("Log orders (events) is open at head -1", StringComparison.Ordinal));
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(host)).Status);
        await host.StopAsync();
    }

    [Fact]
    public async Task Health_is_healthy_while_live_and_degraded_while_paused()
    {
        using IHost host = Build(options => options.AddLog("orders").AddLog("audit"));
        await host.StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
        await host.Services.GetRequiredKeyedService<FlumeLog>("audit").PauseAsync("totals", "a test");
        HealthReportEntry entry = await HealthAsync(host);
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("View 'totals' of log 'audit' is paused.", entry.Description);
        await host.StopAsync();
    }

    [Fact]
    public void Flume_is_added_once()
    {
        ServiceCollection services = new();
        services.AddFlume();
        Assert.Contains("one call", Assert.Throws<InvalidOperationException>(() => services.AddFlume()).Message);
        Assert.Contains("added already", Assert.Throws<ArgumentException>(
            () => new FlumeOptions().AddLog("a").AddLog("a")).Message);
    }

    private static async Task FaultedAsync(FlumeLog log)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while ((await log.StatusAsync("totals", patience.Token)).State != ViewState.Faulted)
            await Task.Yield();
    }

    private static async Task<HealthReportEntry> HealthAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["flume"];

    private IHost Build(Action<FlumeOptions> configure)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(_lines);
        builder.Services.AddSingleton(new Currency("EUR"));
        builder.Services.AddFlume(options =>
        {
            options.Directory = _folder;
            options.Hocon = "flume.views { restart-ms-min = 20, restart-ms-max = 50, fault-tries = 2 }";
            configure(options);
        }).AddView<Totals>();
        builder.Services.AddHealthChecks().AddCheck<FlumeHealthCheck>("flume");
        return builder.Build();
    }

    internal sealed record Order(string Customer, int Amount);

    internal sealed record Total(int Count, long Sum, string Currency);

    internal sealed record Currency(string Code);

    internal sealed class Totals(Currency currency) : Projection<Order, Total>
    {
        public override string Name => "totals";

        protected override void Apply(Order @event, ProjectionRows<Total> rows)
        {
            if (@event.Customer == "throw") throw new InvalidOperationException("This customer is not to be had.");
            Total before = rows.Find(@event.Customer) ?? new Total(0, 0, currency.Code);
            rows.Set(@event.Customer, before with { Count = before.Count + 1, Sum = before.Sum + @event.Amount });
        }
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Order))]
    internal sealed partial class SourceGenerated : JsonSerializerContext;
}
