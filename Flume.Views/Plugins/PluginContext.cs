using System.Reflection;
using System.Runtime.Loader;

namespace Flume.Views.Plugins;

/// <summary>Loads one plug-in's assembly with its own dependencies, and Flume's own from the process.</summary>
/// <remarks>A plug-in that ships a copy of Flume.Views still means this process's <see cref="IView"/>.</remarks>
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
