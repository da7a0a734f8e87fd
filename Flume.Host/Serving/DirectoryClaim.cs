using System.Text;

namespace Flume.Host.Serving;

/// <summary>Makes sure that one process works on a data directory, and lets others know which and where it answers.</summary>
/// <remarks>The lock is the operating system's and goes with the process; the file stays, and its text means nothing then.</remarks>
internal sealed class DirectoryClaim : IDisposable
{
    private const string FileName = "serving";

    private readonly FileStream file;

    private DirectoryClaim(FileStream file) => this.file = file;

    /// <summary>Claims a directory; makes it when it is missing.</summary>
    /// <exception cref="DirectoryHeldException">Another process has it.</exception>
    public static DirectoryClaim Take(string directory)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, FileName);
        try
        {
            DirectoryClaim claim = new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            claim.Tell($"process {Environment.ProcessId}");
            return claim;
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new DirectoryHeldException(directory, Holder(path), error);
        }
    }

    /// <summary>Says where this process answers.</summary>
    public void AnswersAt(Uri address) =>
        Tell($"process {Environment.ProcessId}, which answers at {address.ToString().TrimEnd('/')}");

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void Tell(string who)
    {
        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes(who));
        file.Flush();
    }

    private static string Holder(string path)
    {
        try
        {
            using FileStream told = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader text = new(told);
            return text.ReadToEnd() is { Length: > 0 } who ? who : "another process";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}

/// <summary>A data directory is in use by another process.</summary>
internal sealed class DirectoryHeldException(string directory, string holder, Exception cause) : Exception(
    $"{Path.GetFullPath(directory)} is in use by {holder}. Ask that server with --http, or stop it first.", cause);
