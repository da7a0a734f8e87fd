namespace Flume.Actors;

/// <summary>A configured value that Flume can't start with.</summary>
public sealed class SettingsException(string file, string key, string message)
    : Exception($"{file}: {key} {message}")
{
    /// <summary>The file the value came from.</summary>
    public string File { get; } = file;

    /// <summary>The full path of the key.</summary>
    public string Key { get; } = key;
}
