using Flume.Benchmarks;

return args switch
{
    ["latency", string directory, string targets, ..] => await Latency.RunAsync(directory, targets, args.Skip(3).FirstOrDefault()),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        Flume.Benchmarks latency DIRECTORY TARGETS [LINE]
          DIRECTORY holds log.offset and secret; the views are built into DIRECTORY/views when they are not there.
          TARGETS is what tests/peers/bench/targets.js prints. LINE runs the lines whose name contains it.
        """);
    return 1;
}
