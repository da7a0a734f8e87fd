namespace Flume.Ssb.Messages;

/// <summary>A secret file has no usable identity. The message never quotes the secret.</summary>
public sealed class SecretFileException(string path, string problem) : Exception(
    $"The secret '{path}' cannot be used: {problem}. Expected ssb-keys' form: comments and a JSON object with curve, "
    + "public, private and id. Restore it from a backup; never edit it.")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;
}
