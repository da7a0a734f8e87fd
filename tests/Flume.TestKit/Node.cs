using System.Diagnostics;
using System.Text;
using Xunit;
using Xunit.Sdk;

namespace Flume.TestKit;

/// <summary>Runs JavaScript code for comparisons.</summary>
internal static class Node
{
    public static readonly bool IsThere = Find();

    /// <summary>Passes <paramref name="input"/> to the script's standard input and returns its output.</summary>
    public static byte[] Run(string script, byte[] input, string? folder = null)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add(script);
        using Process node = Process.Start(start)!;
        Task<string> errors = node.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        Task reading = node.StandardOutput.BaseStream.CopyToAsync(output);
        node.StandardInput.BaseStream.Write(input);
        node.StandardInput.Close();
        reading.Wait();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, $"node ended with {node.ExitCode}: {errors.Result}");
        return output.ToArray();
    }

    /// <summary>One output line per input line.</summary>
    public static string[] Lines(string script, IEnumerable<string> lines, string? folder = null)
    {
        string each = "const lines = require('fs').readFileSync(0).toString().split('\\n');" +
            "const answer = (line) => {" + script + "};" +
            "process.stdout.write(lines.map(answer).join('\\n'))";
        return Encoding.UTF8.GetString(Run(each, Encoding.UTF8.GetBytes(string.Join('\n', lines)), folder)).Split('\n');
    }

    private static bool Find()
    {
        try
        {
            using Process? node = Process.Start(
                new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true });
            node!.WaitForExit();
            return node.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that needs node. It is skipped with a reason if node is missing.</summary>
[TraitDiscoverer(PeerTrait.TypeName, PeerTrait.AssemblyName)]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute, ITraitAttribute
{
    public NodeFactAttribute()
    {
        if (!Node.IsThere) Skip = "node is not installed, so there is nothing to compare with";
    }
}
