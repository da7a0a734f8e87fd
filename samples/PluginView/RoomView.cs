using Flume.Query.Json;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Store;

/// <summary>Keeps the latest record of each room: <c>{"room":"kitchen","temperature":21.5}</c>.</summary>
public sealed class RoomView : IView
{
    public string Name => "rooms";

    public int Version => 1;

    public void Apply(DecodedRecord record, RowSink rows)
    {
        JsValue room = record.ToJsValue()["room"];
        if (room.IsString) rows.Put(System.Text.Encoding.UTF8.GetBytes(room.AsString), record.Payload.Span);
    }
}
