using Flume.Actors.Tests.ClientViews;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Registered;

namespace Flume.Actors.Tests.Events;

/// <summary>
/// Queries and client views over random plain records: odd, nested, large, with bytes that are no UTF-8, or no JSON at all.
/// </summary>
public sealed class PlainRecordCallsTests
{
    private const int Records = 300;
    private readonly Dice _dice = new();

    [Fact]
    public async Task A_query_reads_exactly_the_records_that_are_JSON_in_both_directions_and_counts_them()
    {
        await using EngineRig rig = await EventsAsync();
        RegisteredRig calls = new(rig);
        List<string> expected = await AppendAsync(rig, Records);

        Assert.Equal(expected, await QueryAsync(calls, "{}"));
        Assert.Equal(expected.AsEnumerable().Reverse(), await QueryAsync(calls, """{"reverse":true}"""));
        Assert.Equal(
            [$$"""{"n":{{expected.Count}}}"""],
            await QueryAsync(calls, """{"query":[{"$reduce":{"n":{"$count":true}}}]}"""));
        Assert.Equal(
            expected.Where(json => Amount(json) > 20),
            await QueryAsync(calls, """{"query":[{"$filter":{"amount":{"$gt":20}}}]}"""));
    }

    [Fact]
    public async Task A_client_view_is_fed_exactly_the_records_that_are_JSON_and_its_state_is_the_same_restarted_and_rebuilt()
    {
        await using EngineRig rig = await EventsAsync();
        RegisteredRig calls = new(rig);
        await calls.Views.RegisterAsync(ViewDefinition.Client("counted", 1));
        List<string> expected = await AppendAsync(rig, Records / 2);
        await using (Client first = await Client.ComeAsync(calls)) Assert.Equal(expected, await FoldAsync(first, rig));
        await rig.RestartAsync();
        expected.AddRange(await AppendAsync(rig, Records / 2));

        await using Client second = await Client.ComeAsync(calls);
        Assert.Equal(expected, await FoldAsync(second, rig));
        string state = (await calls.CallAsync("views.get", "\"counted\"")).ToJson();
        Assert.True((await rig.Alice.RebuildAsync(ViewSelection.One("counted"))).IsAccepted);
        second.Begin(await second.NextAsync());
        Assert.Equal(expected, await FoldAsync(second, rig));
        Assert.Equal(state, (await calls.CallAsync("views.get", "\"counted\"")).ToJson());
        Assert.Equal(rig.Alice.Log.Head, new Offset((long)second.Since));
    }

    /// <summary>Takes every batch up to the head, and commits all values as the state.</summary>
    private static async Task<IEnumerable<string>> FoldAsync(Client client, EngineRig rig)
    {
        JsArray values = new();
        if (client.State.IsArray)
            foreach (JsValue value in client.State.AsArray) values.Add(value);
        while (client.Since < rig.Alice.Log.Head.Value)
        {
            JsValue batch = await client.BatchAsync();
            foreach (JsValue value in batch["values"].AsArray) values.Add(value);
            await client.CommitAsync(JsValue.From(values).ToJson());
        }

        return values.Select(value => value.ToJson());
    }

    /// <summary>Appends random records; the JSON of those that are JSON.</summary>
    private async Task<List<string>> AppendAsync(EngineRig rig, int count)
    {
        PlainRecords records = new(_dice);
        List<string> json = [];
        List<ReadOnlyMemory<byte>> payloads = [];
        for (int i = 0; i < count; i++)
        {
            (byte[] bytes, bool isJson) = records.Next();
            payloads.Add(bytes);
            if (isJson) json.Add(JsValue.Parse(bytes).ToJson());
        }

        await rig.Alice.AppendAsync(payloads, Durability.Os);
        return json;
    }

    private static double Amount(string json) => JsValue.Parse(json)["amount"] is { IsNumber: true } amount ? amount.AsNumber : 0;

    private static async Task<List<string>> QueryAsync(RegisteredRig calls, string options)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        List<string> items = [];
        await foreach (JsValue item in calls.Open("query.read", patience.Token, options)) items.Add(item.ToJson());
        return items;
    }

    private static async Task<EngineRig> EventsAsync() =>
        await new EngineRig("flume.identities.kind = events\nflume.views.registered.state-bytes-max = 64MiB").StartAsync();
}
