return await Flume.Host.Cli.CommandLine.RunAsync(args).ConfigureAwait(false);
