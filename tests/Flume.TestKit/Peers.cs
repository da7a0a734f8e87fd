using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;
using Xunit.Sdk;

namespace Flume.TestKit;

/// <summary>The JavaScript programs of tests/peers.</summary>
internal static class Peers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The folder tests/peers.</summary>
    public static string Folder { get; } = Find();

    /// <summary>True if node is available.</summary>
    public static bool HasNode { get; } = FindNode();

    /// <summary>Runs a script to its end, with the modules of one folder of tests/peers.</summary>
    /// <returns>Its exit code, and what it printed.</returns>
    public static async Task<(int Code, string Text)> RunAsync(
        string script, IReadOnlyList<string> arguments, string modules,
        params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("node", [script, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = Path.Combine(Folder, modules, "node_modules");
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"node {script} did not end within {Patience}: {await output}{await errors}");
        }

        return (process.ExitCode, await output + await errors);
    }

    /// <summary>The reason why node is not available; null if it is.</summary>
    public static string? WhyNoNode =>
        HasNode ? null : "node is not installed, so no JavaScript client can be tried";

    /// <summary>The reason why a module of a tests/peers folder is not available; null if it is.</summary>
    public static string? WhyMissing(string folder, string module)
    {
        if (WhyNoNode is { } reason) return reason;
        return File.Exists(Path.Combine(Folder, folder, "node_modules", module, "package.json"))
            ? null
            : $"the npm module {module} is not installed: npm install in tests/peers/{folder}";
    }

    private static string Find([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "peers"));

    private static bool FindNode()
    {
        try
        {
            ProcessStartInfo start = new("node", "--version") { RedirectStandardOutput = true };
            using Process node = Process.Start(start)!;
            node.WaitForExit();
            return node.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>
/// A test that needs node and optionally an npm module. It is skipped with a reason if one is missing.
/// </summary>
[TraitDiscoverer(PeerTrait.TypeName, PeerTrait.AssemblyName)]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerFactAttribute : FactAttribute, ITraitAttribute
{
    public PeerFactAttribute() => Skip = Peers.WhyNoNode;

    /// <summary>A test that needs every module of one folder of tests/peers.</summary>
    public PeerFactAttribute(string folder)
    {
        if (SmallNetwork.Peer(folder) is null) Skip = $"run 'npm install' in tests/peers/{folder} to compare with JavaScript";
    }

    public PeerFactAttribute(string folder, string module) => Skip = Peers.WhyMissing(folder, module);
}

/// <summary>The same with several cases.</summary>
[TraitDiscoverer(PeerTrait.TypeName, PeerTrait.AssemblyName)]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerTheoryAttribute : TheoryAttribute, ITraitAttribute
{
    public PeerTheoryAttribute(string folder, string module) => Skip = Peers.WhyMissing(folder, module);
}
