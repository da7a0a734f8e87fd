namespace Flume.Views.Plugins;

/// <summary>A view that an assembly brings, as the configuration names it.</summary>
/// <param name="Assembly">The assembly's file, absolute.</param>
/// <param name="Type">The full name of a public class that implements <see cref="IView"/>.</param>
public sealed record ViewPlugin(string Assembly, string Type);

/// <summary>A view of a third party can't be loaded; the message says what was looked for and what was found.</summary>
public sealed class ViewPluginException(string message, Exception? cause = null) : Exception(message, cause);
