using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Flume.Query.Json;
using Flume.TestKit;
using Xunit;
using Xunit.Sdk;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Runs the JavaScript modules on their own log, through tests/peers/parity/answer.js.</summary>
internal sealed class JavaScriptPeer : IDisposable
{
    /// <summary>The reason why the modules are not available; empty if they are.</summary>
    public static readonly string Missing = Find();

    /// <summary>The reason why the additional plugins are not available; empty if they are.</summary>
    public static readonly string MissingMore = Missing.Length > 0 || Directory.Exists(More) ? Missing
        : "the plugins of other line-ups are not installed: npm install in tests/peers/more, or set FLUME_PEER_MORE";

    private readonly Process _node;

    /// <summary>
    /// Starts the modules on a directory with <c>secret</c> and <c>flume/log.offset</c>. <paramref name="more"/> adds
    /// the plugins of other line-ups.
    /// </summary>
    public JavaScriptPeer(string directory, bool more)
    {
        ProcessStartInfo start = new("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(Path.Combine(Folder(), "parity", "answer.js"));
        start.ArgumentList.Add(directory);
        start.Environment["FLUME_PEER_MODULES"] = Modules;
        start.Environment["FLUME_PEER_MORE"] = more ? More : "";
        _node = Process.Start(start)!;
        JsValue ready = Read();
        Assert.True(ready["ready"].IsTruthy, $"JavaScript's views did not reach the head: {ready.ToJson()}");
    }

    private static string Modules => Environment.GetEnvironmentVariable("FLUME_PEER_MODULES")
        ?? Path.Combine(Folder(), "server", "node_modules");

    private static string More => Environment.GetEnvironmentVariable("FLUME_PEER_MORE")
        ?? Path.Combine(Folder(), "more", "node_modules");

    /// <summary>The response to one request, in the format of answer.js.</summary>
    public JsValue Ask(JsObject request)
    {
        _node.StandardInput.WriteLine(JsValue.From(request).ToJson());
        _node.StandardInput.Flush();
        return Read();
    }

    public void Dispose()
    {
        _node.StandardInput.Close();
        if (!_node.WaitForExit(10_000)) _node.Kill(entireProcessTree: true);
        _node.Dispose();
    }

    private JsValue Read() => JsValue.Parse(_node.StandardOutput.ReadLine()
        ?? throw new InvalidOperationException("answer.js ended without an answer."));

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "peers"));

    private static string Find()
    {
        if (!Node.IsThere) return "node is not installed, so there is nothing to compare with";
        return File.Exists(Path.Combine(Modules, "ssb-db", "package.json")) ? ""
            : "the JavaScript modules are not installed: npm install in tests/peers/server, or set FLUME_PEER_MODULES";
    }
}

/// <summary>A test that uses the JavaScript modules. It is skipped with a reason if they are missing.</summary>
[TraitDiscoverer(PeerTrait.TypeName, PeerTrait.AssemblyName)]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ParityFactAttribute : FactAttribute, ITraitAttribute
{
    public ParityFactAttribute()
    {
        if (JavaScriptPeer.Missing.Length > 0) Skip = JavaScriptPeer.Missing;
    }

    /// <summary>True for a test that also needs the additional plugins.</summary>
    public bool NeedsMore
    {
        get => field;
        init
        {
            field = value;
            if (value && JavaScriptPeer.MissingMore.Length > 0) Skip = JavaScriptPeer.MissingMore;
        }
    }
}
