using Flume.Log.Primitives;

namespace Flume.Host.Serving;

/// <summary>
/// Ensures that one process uses a data directory, and publishes that process and its address.
/// </summary>
/// <remarks>
/// The lock is an operating-system lock and ends with the process. The published text is in a second file, because a
/// locked file can't be read. Without the lock the text is stale.
/// </remarks>
internal sealed class DirectoryLock : IDisposable
{
    private readonly string _directory;
    private readonly FileStream _held;

    private DirectoryLock(string directory, FileStream held)
    {
        _directory = directory;
        _held = held;
        Publish($"process {Environment.ProcessId}");
    }

    /// <summary>Locks a directory, and creates it if it is missing.</summary>
    /// <exception cref="DirectoryHeldException">Another process holds the directory.</exception>
    /// <exception cref="UnauthorizedAccessException">Another user owns the directory.</exception>
    public static DirectoryLock Take(string directory)
    {
        try
        {
            OwnerFile.CreateFolder(directory);
            return new DirectoryLock(directory, Hold(directory));
        }
        catch (UnauthorizedAccessException error)
        {
            string path = Path.GetFullPath(directory);
            throw new UnauthorizedAccessException(
                $"User '{Environment.UserName}' may not use {path}. Run flume as the user that owns it ('ls -ld {path}' names " +
                "it): sudo -u USER flume …", error);
        }
    }

    /// <summary>Publishes this process's address.</summary>
    public void AnswersAt(Uri address) =>
        Publish($"process {Environment.ProcessId}, which answers at {address.ToString().TrimEnd('/')}");

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    private static FileStream Hold(string directory)
    {
        string path = Path.Combine(directory, "serving.lock");
        try
        {
            return new FileStream(path, OwnerFile.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite));
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new DirectoryHeldException(directory, Holder(directory), error);
        }
    }

    private static string TextOf(string directory) => Path.Combine(directory, "serving");

    private void Publish(string who) => File.WriteAllText(TextOf(_directory), who);

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
    /// <summary>A description of the process that holds it.</summary>
    public string Holder { get; } = holder;
}
