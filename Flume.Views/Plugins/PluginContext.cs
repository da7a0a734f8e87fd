using System.Reflection;
using System.Runtime.Loader;

namespace Flume.Views.Plugins;

/// <summary>Loads one plug-in's assembly with its own dependencies. Flume's assemblies come from the process.</summary>
/// <remarks>
/// A copy of Flume.Views in the plug-in's folder is ignored, so <see cref="IView"/> is the same type everywhere.
/// </remarks>
internal sealed class PluginContext(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
{
    private readonly AssemblyDependencyResolver _dependencies = new(file);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        foreach (Assembly own in Default.Assemblies)
        {
            if (own.GetName().Name == assemblyName.Name) return own;
        }
        return _dependencies.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _dependencies.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
