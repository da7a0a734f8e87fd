using System.Runtime.CompilerServices;
using Flume.Actors.Hosting;
using Flume.Log;
using Flume.Ssb.Api;
using Orders.Web;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services
    .AddFlume(options =>
    {
        options.Configuration = builder.Configuration.GetSection("Flume");
        options.AddLog("orders");
    })
    .AddView<OrderStates>();
builder.Services.AddHealthChecks().AddCheck<FlumeHealthCheck>("flume");
WebApplication app = builder.Build();

// An answer carries the offset of the event, so that the caller can read its own write.
app.MapPost("/orders/{id}", async (string id, PlaceOrder body, FlumeLog log, CancellationToken gone) =>
{
    OrderEvent placed = new(id, "placed", body.Customer, body.Amount);
    Appended appended = await log.AppendAsync(placed, OrdersJson.Default.OrderEvent, Durability.Fsync, gone);
    return Results.Created($"/orders/{id}?atLeast={appended.Last}", new { offset = appended.Last.Value });
});

// An order is shipped once: the event is appended only if no record has come since the order was looked at.
app.MapPost("/orders/{id}/ship", async (string id, FlumeLog log, OrderStates states, CancellationToken gone) =>
{
    while (true)
    {
        Offset head = await log.HeadAsync(gone);
        OrderState? order = await log.FindAsync(states, id, ReadFreshness.AtLeast(head), gone);
        if (order is not { Status: "placed" }) return Results.NotFound();
        try
        {
            Appended appended = await log.AppendAsync(
                new OrderEvent(id, "shipped"), OrdersJson.Default.OrderEvent, AppendTerms.Expecting(head), gone);
            return Results.Ok(new { offset = appended.Last.Value });
        }
        catch (AppendRejectedException moved) when (moved.Rejection == AppendRejection.HeadMoved)
        {
            // Another record came first: look again.
        }
    }
});

// Without atLeast an answer reflects every append that was acknowledged before the call.
app.MapGet("/orders/{id}", async (string id, long? atLeast, FlumeLog log, OrderStates states, CancellationToken gone) =>
{
    ReadFreshness freshness = atLeast is { } offset ? ReadFreshness.AtLeast(new Offset(offset)) : ReadFreshness.Fresh;
    return await log.FindAsync(states, id, freshness, gone) is { } order ? Results.Ok(order) : Results.NotFound();
});
app.MapGet("/orders", (FlumeLog log, OrderStates states, CancellationToken gone) =>
    log.RowsAsync(states, cancel: gone).Select(row => row.Value));

// Server-sent events: every event, and what is appended later, until the caller leaves.
app.MapGet("/orders/events", (FlumeLog log, CancellationToken gone) =>
    TypedResults.ServerSentEvents(EventsAsync(log, gone), "order"));
app.MapHealthChecks("/health");
app.Run();

static async IAsyncEnumerable<OrderEvent> EventsAsync(FlumeLog log, [EnumeratorCancellation] CancellationToken gone)
{
    await foreach (Recorded<OrderEvent> one in log.ReadAsync(OrdersJson.Default.OrderEvent, null, live: true, gone))
        yield return one.Value;
}
