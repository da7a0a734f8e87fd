using System.Text.RegularExpressions;
using Flume.TestKit;

namespace Flume.Host.Tests.Rules;

/// <summary>The layers of Flume.Actors: what stands left may not use what stands right (ARCHITECTURE.md, "Map").</summary>
public sealed partial class DependencyTests
{
    /// <summary>Each folder with the folders it may use, besides itself.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Primitives"] = [],
        ["Telemetry"] = [],
        ["Log"] = ["Primitives", "Telemetry"],
        ["Codec"] = ["Primitives"],
        ["Store"] = ["Primitives"],
        ["MapFilterReduce"] = ["Primitives", "Codec"],
        ["Generate"] = ["Primitives", "Log", "Codec"],
        ["Views"] = ["Primitives", "Telemetry", "Log", "Codec", "Store", "MapFilterReduce"],
        ["Api"] = ["Primitives", "Log", "Codec", "Store", "MapFilterReduce", "Views", "Blobs"],
        ["Blobs"] = ["Primitives", "Codec", "Store"],
        ["Doctor"] = ["Primitives", "Log", "Codec", "Store", "Views", "Actors"],
        ["Actors"] = ["Primitives", "Telemetry", "Log", "Codec", "Store", "MapFilterReduce", "Views", "Api", "Blobs"],
    };

    private static string Source => Path.Combine(Vectors.Root, "..", "..", "Flume.Actors");

    [Fact]
    public void Every_folder_uses_only_the_layers_below_it()
    {
        List<string> broken = [];
        foreach ((string file, string folder) in Files())
        {
            foreach (Match use in Using().Matches(File.ReadAllText(file)))
            {
                string layer = use.Groups[1].Value;
                if (layer != folder && Allowed.ContainsKey(layer) && !Allowed[folder].Contains(layer))
                    broken.Add($"{folder}/{Path.GetFileName(file)} uses Flume.{layer}; {folder} may use "
                        + $"{(Allowed[folder].Length == 0 ? "nothing" : string.Join(", ", Allowed[folder]))}.");
            }
        }
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Fact]
    public void Only_the_folder_Actors_mentions_Akka()
    {
        List<string> broken = [];
        foreach ((string file, string folder) in Files())
        {
            if (folder != "Actors" && Akka().IsMatch(File.ReadAllText(file)))
                broken.Add($"{folder}/{Path.GetFileName(file)} uses Akka; what decides is a plain class, and an actor in Actors/ calls it.");
        }
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Fact]
    public void Every_folder_has_its_place_among_the_layers()
    {
        string[] unknown = [.. Files().Select(file => file.Folder).Distinct().Where(folder => !Allowed.ContainsKey(folder))];
        Assert.True(unknown.Length == 0, $"Say in DependencyTests which layers {string.Join(", ", unknown)} may use.");
    }

    private static IEnumerable<(string File, string Folder)> Files()
    {
        foreach (string directory in Directory.GetDirectories(Source))
        {
            string folder = Path.GetFileName(directory);
            if (folder is "bin" or "obj") continue;
            foreach (string file in Directory.GetFiles(directory, "*.cs", SearchOption.AllDirectories)) yield return (file, folder);
        }
    }

    [GeneratedRegex(@"^using (?:static )?Flume\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^using (?:static )?Akka\b", RegexOptions.Multiline)]
    private static partial Regex Akka();
}
