namespace Flume.Views.Plugins;

/// <summary>A view in an external assembly, as configured.</summary>
/// <param name="Assembly">The absolute path of the assembly.</param>
/// <param name="Type">The full name of a public class that implements <see cref="IView"/>.</param>
public sealed record ViewPlugin(string Assembly, string Type);

/// <summary>A plug-in view cannot be loaded. The message gives the expected and the found values.</summary>
public sealed class ViewPluginException(string message, Exception? cause = null) : Exception(message, cause);
