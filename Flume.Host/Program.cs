Flume.Log.Primitives.OwnerFile.KeepNewFilesPrivate();
return await Flume.Host.Cli.CommandLine.RunAsync(args).ConfigureAwait(false);
