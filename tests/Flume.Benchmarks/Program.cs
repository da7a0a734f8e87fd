using System.Globalization;
using BenchmarkDotNet.Running;
using Flume.Benchmarks;
using Flume.Benchmarks.Sql;
using Flume.Benchmarks.Tables;

const string Usage = """
    flume-bench MODE FOLDER [COUNT]     the folder holds log.offset and secret, as `flume generate` makes them
      rebuild   all views COUNT times (1): the whole process is what to measure
      digest    one line a view: equal lines are equal rows
      scan      reads every record          decode    takes every record apart
      append    COUNT records (1,000,000) in batches of 1000, at each durability
      get       COUNT random records (100,000) by offset
      live      COUNT records (20,000) through all views in small steps
      lag       COUNT records a second (5,000) for ten seconds through the engine: acknowledged, and visible in all views
      lagwhy    the same with a timeline: each view, each second, and the slowest moments with what they were spent on
      catchup   the last COUNT records (10,000) are news when the engine starts: until all views have them; and a rebuild
      busy      gets by key while the engine rebuilds all views at full speed
    flume-bench latency FOLDER TARGETS [LINE]   the calls of tests/peers/bench/lines.js, in process; TARGETS is what
                                        tests/peers/bench/targets.js printed
    flume-bench latency-http ADDRESS TARGETS [LINE]   the same of a server: ADDRESS is http://HOST:PORT/v1/IDENTITY
    flume-bench table FLUME FOLDER ROUNDS   all of it as a table, whole processes; FLUME is the program, FOLDER has
                                        flume/log.offset and secret
    flume-bench sql FOLDER [ROUNDS]     the SQL view's file in each layout, beside a plain insert; and catching up
    flume-bench sqlbuild FOLDER LAYOUT  one of these: keyed, text, bare, keyed+fts, plain, catchup
    flume-bench embed EVENTS ROUNDS     what an embedding program gets, beside what the engine does: append, scan, get of plain
                                        events, and a projection rebuilt beside the same fold by hand
    flume-bench syncdata FOLDER COUNT   the log that bench sync downloads: an owner and the authors that it follows
    flume-bench small [FILTER]          the small parts, by BenchmarkDotNet
    """;

if (args is ["table", string flume, string folder, string rounds])
{
    await new BenchTable(flume, folder, Number(rounds)).RunAsync().ConfigureAwait(false);
    return 0;
}

if (args is ["embed", string events, string embedRounds])
{
    await new EmbedTable(Number(events), Number(embedRounds)).RunAsync().ConfigureAwait(false);
    return 0;
}

if (args is ["syncdata", string syncAt, string syncMessages])
{
    new SyncData().Write(syncAt, Number(syncMessages));
    return 0;
}

if (args is ["small", ..])
{
    string[] filter = ["--filter", .. args.Skip(1).DefaultIfEmpty("*")];
    BenchmarkSwitcher.FromAssembly(typeof(SortBenchmarks).Assembly).Run(filter);
    return 0;
}

if (args is ["latency" or "latency-http", string subjectAt, string targets, ..])
{
    using LatencySubject subject = args[0] == "latency"
        ? new InProcessSubject(await FrozenIdentity.OpenAsync(subjectAt).ConfigureAwait(false))
        : new HttpSubject(new Uri(subjectAt));
    return await Latency.RunAsync(subject, targets, args.Skip(3).FirstOrDefault()).ConfigureAwait(false);
}

if (args is ["sql", string sqlAt, .. string[] times])
{
    await SqlTable.RunAsync(sqlAt, times.Length > 0 ? Number(times[0]) : 3).ConfigureAwait(false);
    return 0;
}

if (args is ["sqlbuild", string logAt, string layout])
{
    Identity of = new(logAt);
    if (layout == "plain") SqlBuildRun.RunPlain(of);
    else if (layout == "catchup") SqlBuildRun.CatchUp(of, 20_000);
    else SqlBuildRun.Run(of, layout);
    return 0;
}

if (args.Length is < 2 or > 3 || (args.Length == 3 && !int.TryParse(args[2], out _)))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

Identity identity = new(args[1]);
int? count = args.Length == 3 ? Number(args[2]) : null;
switch (args[0])
{
    case "rebuild": await RebuildRun.RunAsync(identity, count ?? 1).ConfigureAwait(false); break;
    case "digest": RebuildRun.Digest(identity); break;
    case "scan": LogRuns.Scan(identity, decode: false); break;
    case "decode": LogRuns.Scan(identity, decode: true); break;
    case "append": LogRuns.Append(identity, count ?? 1_000_000); break;
    case "get": LogRuns.Get(identity, count ?? 100_000); break;
    case "live": LiveRun.Run(identity, count ?? 20_000); break;
    case "lag": await Lag(withTimeline: false).ConfigureAwait(false); break;
    case "lagwhy": await Lag(withTimeline: true).ConfigureAwait(false); break;
    case "catchup": await EngineRuns.CatchUpAsync(identity, count ?? 10_000).ConfigureAwait(false); break;
    case "busy": await EngineRuns.BusyAsync(identity).ConfigureAwait(false); break;
    default: Console.Error.WriteLine(Usage); return 2;
}

return 0;

Task Lag(bool withTimeline) => new LagRun(identity, count ?? 5_000, TimeSpan.FromSeconds(10)).RunAsync(withTimeline);

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
