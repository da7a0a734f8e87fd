using Flume.Query.Json;
using Flume.TestKit;
using Flume.Tools.Generate;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>
/// Sends random requests on generated logs to Flume and to the JavaScript modules. FLUME_SEED replays a seed;
/// FLUME_PARITY_CALLS sets the number of requests.
/// </summary>
public sealed class ParityTests(ITestOutputHelper output)
{
    private static int Calls => int.TryParse(Environment.GetEnvironmentVariable("FLUME_PARITY_CALLS"), out int calls) ? calls : 300;

    [ParityFact]
    public async Task Random_calls_are_answered_as_the_modules_answer_them()
    {
        int seed = Seed();
        using ParityWorld world = new(Options(seed));
        await CompareAsync(world, seed);
    }

    [ParityFact]
    public async Task Random_calls_on_strange_messages_are_answered_as_the_modules_answer_them()
    {
        int seed = Seed();
        using ParityWorld world = new(Options(seed) with { Messages = 150 }, wild: 300);
        await CompareAsync(world, seed);
    }

    [ParityFact]
    public async Task What_was_deleted_is_in_no_answer_of_either()
    {
        int seed = Seed();
        using ParityWorld world = new(Options(seed) with { Messages = 200 }, wild: seed % 2 * 100);
        world.Identity.KeepsRows = true;
        Random random = new(seed);
        for (int i = 0; i < 30; i++)
        {
            JsValue message = world.Messages[random.Next(world.Messages.Count)];
            // Flume keeps the newest message of its own feed (C23).
            if (message["value"]["author"].AsString == world.Keys.Id) continue;
            JsObject request = RandomStreams.Call("del", [message["key"]]);
            JsValue ours = await FlumeSide.AnswerAsync(world.Identity, request), theirs = world.Peer.Ask(request);
            Assert.True(ours["undefined"].IsTruthy == theirs["undefined"].IsTruthy, $"{JsValue.From(request).ToJson()} {theirs.ToJson()} {ours.ToJson()}");
        }
        await CompareAsync(world, seed, CountsDeleted);
    }

    /// <summary>
    /// True for requests where JavaScript fails on deleted messages or counts them (docs/compatibility.md, C20).
    /// Reading the log itself, it can hang.
    /// </summary>
    private static bool CountsDeleted(JsObject request)
    {
        string method = request["method"].AsString;
        JsValue options = request["args"][0], query = options["query"];
        return method is "getLatest" or "search.query" or "latest" or "latestSequence" or "getFeedState" or "getVectorClock"
            || method.StartsWith("friends.", StringComparison.Ordinal)
            || (query.IsArray && query.AsArray.Any(stage => !stage["$reduce"].IsUndefined))
            || (!options["limit"].IsUndefined && !query.IsArray)
            || method == "createRawLogStream" || options["raw"].IsTruthy;
    }

    private async Task CompareAsync(ParityWorld world, int seed, Func<JsObject, bool>? passesOver = null)
    {
        Vocabulary words = new(world.Messages, world.Offsets, new Random(seed));
        RandomStreams streams = new(words);
        RandomReads reads = new(words) { Claims = !world.TextTimes };
        Verdict verdict = new(output, seed);
        for (int i = 0; i < Calls; i++)
        {
            JsObject request = words.OneIn(2) ? streams.Next() : reads.Next();
            if (passesOver?.Invoke(request) == true) continue;
            string asked = JsValue.From(request).ToJson();
            JsValue ours = WithoutFlume(await FlumeSide.AnswerAsync(world.Identity, JsValue.Parse(asked).AsObject));
            JsValue theirs = world.Peer.Ask(request);
            if (passesOver is not null && theirs["hung"].IsTruthy) continue;
            // ssb-friends before version 5 returns undefined for false.
            if (request["method"].AsString.StartsWith("friends.is", StringComparison.Ordinal) && theirs["undefined"].IsTruthy)
                theirs = JsValue.Parse("{\"value\":false}");
            verdict.Add(asked, Difference.Between(theirs, ours));
        }
        verdict.Close();
    }

    [ParityFact]
    public async Task Bounds_of_every_kind_bound_what_they_bound_for_the_modules()
    {
        int seed = Seed();
        using ParityWorld world = new(Options(seed) with { Messages = 120 });
        RandomBounds bounds = new(new Vocabulary(world.Messages, world.Offsets, new Random(seed)));
        Verdict verdict = new(output, seed);
        for (int i = 0; i < Calls; i++)
        {
            JsObject request = JsValue.Parse(JsValue.From(bounds.Next()).ToJson()).AsObject;
            JsValue ours = await FlumeSide.AnswerAsync(world.Identity, request), theirs = world.Peer.Ask(request);
            verdict.Add(JsValue.From(request).ToJson(), Difference.Between(theirs, ours));
        }
        verdict.Close();
    }

    [ParityFact]
    public async Task Random_streams_go_on_as_the_modules_go_on()
    {
        int seed = Seed();
        using ParityWorld world = new(Options(seed));
        await FollowAsync(world, seed);
    }

    [ParityFact]
    public async Task Random_streams_of_strange_messages_go_on_as_the_modules_go_on()
    {
        int seed = Seed();
        using ParityWorld world = new(Options(seed) with { Messages = 100 }, wild: 150);
        await FollowAsync(world, seed);
    }

    private async Task FollowAsync(ParityWorld world, int seed)
    {
        Vocabulary words = new(world.Messages, world.Offsets, new Random(seed));
        RandomStreams streams = new(words);
        RandomReads reads = new(words) { Claims = !world.TextTimes };
        await FollowAsync(world, seed, new Appendices(world.Messages, new Random(seed)),
            () => words.OneIn(2) ? streams.Live() : reads.Live(streams.Following));
    }

    [ParityFact(NeedsMore = true)]
    public async Task What_people_say_of_each_other_goes_on_as_the_plugins_go_on()
    {
        int seed = Seed();
        using ParityWorld world = new(Options(seed), more: true, wild: seed % 2 * 100);
        RandomOpinions opinions = new(new Vocabulary(world.Messages, world.Offsets, new Random(seed)));
        await FollowAsync(world, seed, new Appendices(world.Messages, new Random(seed)) { Types = ["about", "contact"] }, opinions.Live);
    }

    private async Task FollowAsync(ParityWorld world, int seed, Appendices more, Func<JsObject> call)
    {
        Verdict verdict = new(output, seed);
        for (int round = 0; round < Math.Max(1, Calls / 40); round++)
        {
            JsArray calls = new();
            for (int i = 0; i < 12; i++) calls.Add(JsValue.From(call()));
            JsObject request = new JsObject().Set("live", JsValue.From(calls)).Set("append", more.Groups());
            JsValue theirs = world.Peer.Ask(request)["streams"];
            JsValue ours = JsValue.Parse((await FlumeSide.AnswerLiveAsync(world.Identity, request))["streams"].ToJson());
            for (int i = 0; i < calls.Count; i++) verdict.Add(calls[i].ToJson(), Difference.Between(Given(calls[i], theirs[i]), Given(calls[i], ours[i])));
        }
        verdict.Close();
    }

    [ParityFact(NeedsMore = true)]
    public async Task Random_calls_of_other_plugins_are_answered_as_they_answer_them()
    {
        int seed = Seed();
        using ParityWorld world = new(Options(seed), more: true);
        await ComparePluginsAsync(world, seed);
    }

    [ParityFact(NeedsMore = true)]
    public async Task Random_calls_of_other_plugins_on_strange_messages_are_answered_as_they_answer_them()
    {
        int seed = Seed();
        using ParityWorld world = new(Options(seed) with { Messages = 150 }, more: true, wild: 300);
        await ComparePluginsAsync(world, seed);
    }

    private async Task ComparePluginsAsync(ParityWorld world, int seed)
    {
        RandomPlugins plugins = new(new Vocabulary(world.Messages, world.Offsets, new Random(seed)));
        Verdict verdict = new(output, seed);
        for (int i = 0; i < Calls / 2; i++)
        {
            JsObject request = JsValue.Parse(JsValue.From(plugins.Next()).ToJson()).AsObject;
            JsValue ours = await FlumeSide.AnswerAsync(world.Identity, request), theirs = world.Peer.Ask(request);
            // JavaScript's search never ends if no term has three letters. Flume finds nothing.
            if (theirs["hung"].IsTruthy && request["method"].AsString == "meme.search") continue;
            verdict.Add(JsValue.From(request).ToJson(), Difference.Between(theirs, ours));
        }
        verdict.Close();
    }

    /// <summary>
    /// JavaScript also returns undefined for an author without messages (C19), and friends in another order (C24).
    /// </summary>
    private static JsValue Given(JsValue call, JsValue items)
    {
        IEnumerable<JsValue> given = items.AsArray;
        if (!call["args"][0]["authorId"].IsUndefined) given = given.Where(item => !item.IsNull);
        if (call["method"].AsString == "friends.createFriendStream")
            given = given.OrderBy(item => item.ToJson(), StringComparer.Ordinal);
        return JsValue.From(new JsArray(given));
    }

    /// <summary>Removes the member of explain that names Flume's own source.</summary>
    private static JsValue WithoutFlume(JsValue answer)
    {
        if (answer["value"]["flume"].IsUndefined) return answer;
        JsObject explained = answer["value"].AsObject.Copy();
        explained.Remove("flume");
        return JsValue.From(new JsObject().Set("value", JsValue.From(explained)));
    }

    private static int Seed() => TestSeed.Draw();

    private static GenerateOptions Options(int seed) =>
        new() { Messages = 500 + (seed % 400), Authors = 3 + (seed % 20), Seed = (ulong)seed, Odd = true };
}
