using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Flume.Ssb.Tests.Views.Plugins;

/// <summary>Compiles C# code to an assembly in a temporary folder, as an external plug-in.</summary>
internal sealed class CompiledPlugin : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flume-plugin-");

    /// <param name="code">The source.</param>
    /// <param name="name">The assembly's name.</param>
    public CompiledPlugin(string code, string name = "my-views")
    {
        const string implicitUsings =
            "global using System; global using System.Collections.Generic; global using System.Linq;";
        CSharpCompilation compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(implicitUsings), CSharpSyntaxTree.ParseText(code)],
            References(),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Path = System.IO.Path.Combine(_folder.FullName, name + ".dll");
        EmitResult result = compilation.Emit(Path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
    }

    /// <summary>The assembly's file.</summary>
    public string Path { get; }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(System.IO.Path.PathSeparator)
            .Where(File.Exists).Select(file => MetadataReference.CreateFromFile(file));
}
