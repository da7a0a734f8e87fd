namespace Flume.Actors;

/// <summary>A configured value prevents the start of Flume.</summary>
public sealed class SettingsException(string file, string key, string message)
    : Exception($"{file}: {key} {message}")
{
    /// <summary>The file that sets the value.</summary>
    public string File { get; } = file;

    /// <summary>The full path of the key.</summary>
    public string Key { get; } = key;
}
