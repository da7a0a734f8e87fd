using Flume.Log;
using Flume.Ssb.Crypto;
using Flume.Ssb.Messages;
using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate;

/// <summary>
/// Writes logs of validly signed SSB messages: a synthetic network, for tests and side-by-side benchmarks.
/// </summary>
/// <remarks>
/// 1. The same options give the same bytes on every machine, at every time and with every thread count.
/// 2. Memory is 44 bytes per message and about 500 per author, in addition to fixed buffers.
/// </remarks>
public sealed class LogGenerator(TimeProvider time)
{
    /// <summary>
    /// Writes a new log at <paramref name="path"/>, and deletes an incomplete log after an error.
    /// </summary>
    /// <param name="path">The file to create; its directory is created too. It must not exist.</param>
    /// <param name="options">What to write.</param>
    /// <param name="progress">Receives progress after each window; null for none.</param>
    /// <param name="cancellation">Stops between windows.</param>
    /// <exception cref="ArgumentException">An option is outside its limits.</exception>
    /// <exception cref="IOException">A file to write exists already, or can't be written.</exception>
    /// <exception cref="SodiumMissingException">libsodium is not installed; nothing was written.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled; its files are deleted.</exception>
    public GenerateResult Generate(
        string path,
        GenerateOptions options,
        IProgress<GenerateProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options.Validate();
        Sodium.Require();
        long started = time.GetTimestamp();
        string? secretPath = options.WriteSecret ? SecretBeside(path) : null;
        RefuseToOverwrite(path);
        if (secretPath is not null) RefuseToOverwrite(secretPath);

        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        var authors = new Authors(options, threads, cancellation);
        long bytes = WriteLog(path, new WindowWriter(options, authors, threads) { Progress = progress }, cancellation);
        if (secretPath is not null && !SecretFile.TryCreate(secretPath, authors.Keys(0))) throw Exists(secretPath);
        double seconds = time.GetElapsedTime(started).TotalSeconds;
        return new GenerateResult(options.Messages, bytes, seconds, authors.Keys(0), secretPath);
    }

    private static long WriteLog(string path, WindowWriter windows, CancellationToken cancellation)
    {
        using OffsetLog log = OffsetLog.Open(path, new LogOptions { Width = windows.Options.Width });
        try
        {
            windows.Write(log, cancellation);
            return log.EndPosition;
        }
        catch
        {
            log.Dispose();
            File.Delete(path);
            throw;
        }
    }

    private static string SecretBeside(string path) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "secret");

    private static void RefuseToOverwrite(string path)
    {
        if (File.Exists(path)) throw Exists(path);
    }

    private static IOException Exists(string path) =>
        new($"Cannot generate {path}: that file exists. Name another one, or remove it first.");
}
