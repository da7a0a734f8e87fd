using System.Runtime.CompilerServices;
using System.Text;
using Flume.Query.Json;
using Flume.TestKit;
using Xunit;
using Xunit.Sdk;

namespace Flume.Query.Tests.MapFilterReduce;

/// <summary>
/// Runs the real JavaScript modules through tests/peers/map-filter-reduce/oracle.js, and reads their recorded answers.
/// </summary>
internal static class Peers
{
    public static readonly string Missing = Find();

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "peers"));

    private static string Modules => Environment.GetEnvironmentVariable("FLUME_PEER_MODULES")
        ?? Path.Combine(Folder(), "server", "node_modules");

    /// <summary>One answer for each question.</summary>
    public static JsValue[] Ask(IReadOnlyList<JsObject> questions)
    {
        string oracle = Path.Combine(Folder(), "map-filter-reduce", "oracle.js");
        string script = $"process.env.FLUME_PEER_MODULES = {Quote(Modules)}; require({Quote(oracle)}).serve()";
        string asked = string.Join('\n', questions.Select(question => JsValue.From(question).ToJson()));
        string answered = Encoding.UTF8.GetString(Node.Run(script, Encoding.UTF8.GetBytes(asked)));
        string[] lines = answered.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(questions.Count, lines.Length);
        return [.. lines.Select(line => JsValue.Parse(line))];
    }

    /// <summary>The lines of a fixture.</summary>
    public static JsValue[] Fixture(string name) =>
        [.. File.ReadAllLines(FixturePath(name)).Select(line => JsValue.Parse(line))];

    /// <summary>The path of a fixture.</summary>
    public static string FixturePath(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Fixtures", name);

    /// <summary>The path of one of the project's documents.</summary>
    public static string Document(string name) => Path.Combine(Folder(), "..", "..", "docs", name);

    private static string Quote(string text) => JsValue.From(text).ToJson();

    private static string Find()
    {
        if (!Node.IsThere) return "node is not installed, so there is nothing to compare with";
        return File.Exists(Path.Combine(Modules, "map-filter-reduce", "package.json")) ? ""
            : "the JavaScript modules are not installed: npm install in tests/peers/server, or set FLUME_PEER_MODULES";
    }
}

/// <summary>A test against the real modules; it is skipped with a message if they are missing.</summary>
[TraitDiscoverer(PeerTrait.TypeName, PeerTrait.AssemblyName)]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerFactAttribute : FactAttribute, ITraitAttribute
{
    public PeerFactAttribute()
    {
        if (Peers.Missing.Length > 0) Skip = Peers.Missing;
    }
}
