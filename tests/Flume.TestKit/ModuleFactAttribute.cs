using System.Diagnostics;
using Xunit;
using Xunit.Sdk;

namespace Flume.TestKit;

/// <summary>A test with a JavaScript module. It is skipped with a reason if node or the module is missing.</summary>
[TraitDiscoverer(PeerTrait.TypeName, PeerTrait.AssemblyName)]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ModuleFactAttribute : FactAttribute, ITraitAttribute
{
    public ModuleFactAttribute(string module)
    {
        if (!Peer.HasNode)
            Skip = "node is not installed.";
        else if (Peer.ModulesWith(module) is null)
            Skip = $"The npm module {module} is not installed: npm install in a folder of tests/peers that names it.";
    }
}

/// <summary>Finds and runs the JavaScript peers.</summary>
internal static class Peer
{
    private static readonly Lazy<bool> Node = new(() =>
    {
        try
        {
            return Run("--version", [], "").Length > 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public static bool HasNode => Node.Value;

    /// <summary>The first <c>tests/peers/*/node_modules</c> that contains a module; null if none does.</summary>
    public static string? ModulesWith(string module) => Directory
        .EnumerateDirectories(TempLog.RepositoryPath("tests", "peers"))
        .Select(folder => Path.Combine(folder, "node_modules"))
        .Order(StringComparer.Ordinal)
        .FirstOrDefault(modules => Directory.Exists(Path.Combine(modules, module)));

    /// <summary>
    /// Runs a script to its end and returns its output. A failing script fails the test with its output.
    /// </summary>
    public static string Run(string script, IReadOnlyList<string> arguments, string input)
    {
        using Process process = Start(script, arguments, ModulesWith("flumelog-offset"));
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"node {script} failed: {errors.Result}{output}");
    }

    public static Process Start(string script, IReadOnlyList<string> arguments, string? modules)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FLUMELOG_MODULES"] = modules ?? "";
        start.Environment["NODE_PATH"] = modules ?? "";
        return Process.Start(start)!;
    }
}
