using System.Reflection;

namespace Flume.Views.Plugins;

/// <summary>Loads plug-in views once, at process start.</summary>
public static class ViewPlugins
{
    private static readonly Assembly Own = typeof(IView).Assembly;

    /// <summary>A catalog of <paramref name="builtIn"/> and the plug-in views.</summary>
    /// <exception cref="ViewPluginException">A plug-in cannot be loaded. No partial catalog is returned.</exception>
    public static ViewCatalog Load(ViewCatalog builtIn, IReadOnlyList<ViewPlugin> plugins)
    {
        ViewCatalog catalog = builtIn;
        foreach (IGrouping<string, ViewPlugin> assembly in plugins.GroupBy(plugin => plugin.Assembly))
        {
            Assembly loaded = LoadAssembly(assembly.Key);
            foreach (ViewPlugin plugin in assembly)
            {
                IView view = Make(plugin, loaded);
                Check(view, plugin, catalog);
                catalog = catalog.With(view);
            }
        }
        return catalog;
    }

    private static Assembly LoadAssembly(string file)
    {
        if (!File.Exists(file))
            throw new ViewPluginException(
                $"The assembly {file} does not exist. Build the plug-in, or correct the path.");
        try
        {
            Assembly loaded = new PluginContext(file).LoadFromAssemblyPath(file);
            RequireOwnVersion(loaded);
            return loaded;
        }
        catch (Exception cause) when (cause is BadImageFormatException or FileLoadException)
        {
            throw new ViewPluginException(
                $"The file {file} is not a .NET assembly that this process can load: {cause.Message}", cause);
        }
    }

    /// <summary>
    /// Before 1.0, every minor version can change the API of views. From 1.0 on, only a major version can.
    /// </summary>
    private static void RequireOwnVersion(Assembly plugin)
    {
        Version present = Own.GetName().Version!;
        AssemblyName? built = plugin.GetReferencedAssemblies()
            .FirstOrDefault(reference => reference.Name!.StartsWith("Flume.", StringComparison.Ordinal));
        if (built?.Version is not { } required) return;
        bool fits = required.Major == present.Major
            && (present.Major > 0 ? required.Minor <= present.Minor : required.Minor == present.Minor);
        if (fits) return;
        throw new ViewPluginException(
            $"The assembly {plugin.Location} was built against {built.Name} {required.ToString(2)}; this is " +
            $"{present.ToString(2)}. " +
            "Build it against this version.");
    }

    private static IView Make(ViewPlugin plugin, Assembly assembly)
    {
        try
        {
            Type type = assembly.GetType(plugin.Type) ?? throw new ViewPluginException(
                $"The assembly {plugin.Assembly} has no type '{plugin.Type}'. {Known(assembly)}");
            if (!typeof(IView).IsAssignableFrom(type) || type.IsAbstract)
                throw new ViewPluginException(
                    $"The type '{plugin.Type}' of {plugin.Assembly} does not implement Flume.Views.IView. " +
                    $"{Known(assembly)}");
            if (!type.IsVisible || type.GetConstructor(Type.EmptyTypes) is null)
                throw new ViewPluginException(
                    $"The type '{plugin.Type}' of {plugin.Assembly} must be public and have a public constructor " +
                    "without parameters.");
            return (IView)Activator.CreateInstance(type)!;
        }
        catch (Exception cause) when (cause is TargetInvocationException or TypeLoadException
            or FileNotFoundException or ReflectionTypeLoadException)
        {
            Exception reported = cause.InnerException ?? cause;
            throw new ViewPluginException(
                $"The type '{plugin.Type}' of {plugin.Assembly} cannot be created: {reported.Message}", reported);
        }
    }

    private static string Known(Assembly assembly)
    {
        string[] views = [.. assembly.GetExportedTypes()
            .Where(type => typeof(IView).IsAssignableFrom(type)).Select(type => type.FullName!)];
        return views.Length == 0 ? "It has no public view." : $"Its views are {string.Join(", ", views)}.";
    }

    private static void Check(IView view, ViewPlugin plugin, ViewCatalog catalog)
    {
        if (!ViewCatalog.IsName(view.Name) || ViewCatalog.IsReserved(view.Name))
            throw new ViewPluginException(
                $"The view '{plugin.Type}' of {plugin.Assembly} is named '{view.Name}': a name is 1 to 64 lower-case " +
                $"letters, digits and dashes, and none of {ViewCatalog.ReservedNames}.");
        if (catalog.Contains(view.Name))
            throw new ViewPluginException(
                $"The view '{plugin.Type}' of {plugin.Assembly} is named '{view.Name}', like another view. " +
                "Rename it.");
    }
}
