namespace Flume.Replication.Peers;

/// <summary>Runs a loop until its identity stops, and reports a failure.</summary>
internal static class BackgroundLoop
{
    /// <summary>Runs the loop on the thread pool. Completes when the loop has ended for any reason.</summary>
    /// <param name="what">The name of the loop, for the report.</param>
    /// <param name="loop">The loop.</param>
    public static Task RunAsync(string what, Func<Task> loop) => Task.Run(async () =>
    {
        try
        {
            await loop().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The identity is stopping.
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync($"flume: {what} failed; replication of the identity stops: {error}")
                .ConfigureAwait(false);
        }
    });
}
