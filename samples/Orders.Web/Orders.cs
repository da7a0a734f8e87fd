using System.Text.Json;
using System.Text.Json.Serialization;
using Flume.Views.Projections;

namespace Orders.Web;

/// <summary>What a caller sends.</summary>
public sealed record PlaceOrder(string Customer, decimal Amount);

/// <summary>What the log holds.</summary>
public sealed record OrderEvent(string Id, string Event, string? Customer = null, decimal Amount = 0);

/// <summary>What the projection holds.</summary>
public sealed record OrderState(string Id, string Status, string Customer, decimal Amount);

/// <summary>The state of each order.</summary>
public sealed class OrderStates : Projection<OrderEvent, OrderState>
{
    public override string Name => "order-states";

    protected override JsonSerializerOptions JsonOptions => OrdersJson.Default.Options;

    protected override void Apply(OrderEvent @event, ProjectionRows<OrderState> rows)
    {
        if (@event.Event == "placed")
            rows.Set(@event.Id, new OrderState(@event.Id, "placed", @event.Customer ?? "", @event.Amount));
        else if (@event.Event == "shipped" && rows.Find(@event.Id) is { } order)
            rows.Set(@event.Id, order with { Status = "shipped" });
    }
}

/// <summary>JSON by source generation: no reflection at run time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OrderEvent))]
[JsonSerializable(typeof(OrderState))]
public sealed partial class OrdersJson : JsonSerializerContext;
