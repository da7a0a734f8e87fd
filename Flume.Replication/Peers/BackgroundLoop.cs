namespace Flume.Replication.Peers;

/// <summary>Runs a loop that ends with its identity, and reports one that fails.</summary>
internal static class BackgroundLoop
{
    /// <summary>Runs the loop on the thread pool; completes when it has ended, for whatever reason.</summary>
    /// <param name="what">What the loop does, for the report.</param>
    /// <param name="loop">The loop.</param>
    public static Task RunAsync(string what, Func<Task> loop) => Task.Run(async () =>
    {
        try
        {
            await loop().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The identity stops.
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync($"flume: {what} failed; replication of the identity stops: {error}")
                .ConfigureAwait(false);
        }
    });
}
