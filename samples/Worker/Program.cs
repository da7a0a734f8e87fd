using Flume.Actors.Hosting;
using Flume.Views.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddFlume(o => o.AddLog("orders")).AddView<Totals>();
builder.Services.AddHostedService<Worker>();
builder.Build().Run();

record Order(string Customer, decimal Amount);
record Total(int Orders, decimal Sum);

class Totals : Projection<Order, Total>
{
    public override string Name => "totals";

    protected override void Apply(Order order, ProjectionRows<Total> rows)
    {
        Total before = rows.Find(order.Customer) ?? new Total(0, 0);
        rows.Set(order.Customer, new Total(before.Orders + 1, before.Sum + order.Amount));
    }
}

class Worker(FlumeLog orders, Totals totals, IHostApplicationLifetime host) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        await orders.AppendAsync(new Order("ann", 20), stop);   // durable on the device when it returns
        await orders.AppendAsync(new Order("ann", 22), stop);
        Console.WriteLine($"ann: {await orders.FindAsync(totals, "ann", cancel: stop)}");
        await orders.RebuildAsync("totals", stop);              // fresh rows beside the serving ones
        Console.WriteLine($"checked: {(await orders.CheckAsync("totals", stop)).Agrees}");
        host.StopApplication();
    }
}
