using Flume.Actors;
using Flume.Sql;
using Flume.Views;

namespace Flume.Host.Serving;

/// <summary>The views of a process: Flume's own, the plug-ins' and, when it is on, the SQL view.</summary>
internal static class ProcessViews
{
    /// <summary>Loads the configured views.</summary>
    /// <exception cref="SettingsException">A view can't be loaded, or a key is wrong.</exception>
    public static ViewCatalog Load(FlumeSettings settings) =>
        SqlSettings.Read(settings.Reader).ToView() is { } sql ? settings.LoadViews(sql) : settings.LoadViews();
}
