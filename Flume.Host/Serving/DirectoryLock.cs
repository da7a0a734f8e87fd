namespace Flume.Host.Serving;

/// <summary>
/// Makes sure that one process works on a data directory, and lets others know which and where it answers.
/// </summary>
/// <remarks>
/// The lock is the operating system's and goes with the process. What it tells lies beside it, since a locked file
/// can't be read; without the lock it means nothing.
/// </remarks>
internal sealed class DirectoryLock : IDisposable
{
    private readonly string directory;
    private readonly FileStream held;

    private DirectoryLock(string directory, FileStream held)
    {
        this.directory = directory;
        this.held = held;
        Tell($"process {Environment.ProcessId}");
    }

    /// <summary>Claims a directory; makes it when it is missing.</summary>
    /// <exception cref="DirectoryHeldException">Another process has it.</exception>
    public static DirectoryLock Take(string directory)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, "serving.lock");
        try
        {
            return new DirectoryLock(
                directory, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new DirectoryHeldException(directory, Holder(directory), error);
        }
    }

    /// <summary>Says where this process answers.</summary>
    public void AnswersAt(Uri address) =>
        Tell($"process {Environment.ProcessId}, which answers at {address.ToString().TrimEnd('/')}");

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();

    private static string TextOf(string directory) => Path.Combine(directory, "serving");

    private void Tell(string who) => File.WriteAllText(TextOf(directory), who);

    private static string Holder(string directory)
    {
        try
        {
            return File.ReadAllText(TextOf(directory)) is { Length: > 0 } who ? who : "another process";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}

/// <summary>A data directory is in use by another process.</summary>
internal sealed class DirectoryHeldException(string directory, string holder, Exception cause) : Exception(
    $"{Path.GetFullPath(directory)} is in use by {holder}. Ask that server with --http, or stop it first.", cause)
{
    /// <summary>Who has it, in words.</summary>
    public string Holder { get; } = holder;
}
