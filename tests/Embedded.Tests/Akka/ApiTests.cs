using System.Reflection;

namespace Embedded.Tests.Actors;

/// <summary>
/// api.txt lists what the embedded assemblies offer. It holds for the embedded ones and for Akka.NET's: so no code can
/// come to depend on anything that one of them lacks.
/// </summary>
public sealed class ApiTests
{
    [Theory]
    [InlineData(typeof(Akka.Actor.ActorSystem))]
    [InlineData(typeof(Akka.Persistence.Persistence))]
    [InlineData(typeof(Akka.TestKit.TestKitBase))]
    [InlineData(typeof(Akka.TestKit.Xunit2.TestKit))]
    public void Every_member_that_is_listed_is_there(Type anyOfAssembly)
    {
        var listed = Listed(anyOfAssembly.Assembly.GetName().Name!);
        Assert.NotEmpty(listed);
        var missing = listed.SelectMany(t => Missing(anyOfAssembly.Assembly, t.Type, t.Members)).ToList();
        Assert.True(missing.Count == 0, "api.txt lists what is not there:\n" + string.Join("\n", missing));
    }

    /// <summary>The members of the listed types, as api.txt has them: types at the margin, members indented.</summary>
    private static List<(string Type, List<string> Members)> Listed(string assembly)
    {
        var types = new List<(string Type, List<string> Members)>();
        var inside = false;
        foreach (var line in File.ReadLines(ListPath()))
        {
            if (line.StartsWith("assembly ", StringComparison.Ordinal))
                inside = line == "assembly " + assembly;
            else if (inside && line.StartsWith(' '))
                types[^1].Members.Add(line.Trim());
            else if (inside && line.Length > 0)
                types.Add((line, []));
        }
        return types;
    }

    private static IEnumerable<string> Missing(Assembly assembly, string name, List<string> members)
    {
        var type = ApiText.VisibleTypes(assembly).FirstOrDefault(t => ApiText.NameOf(t) == name);
        if (type == null)
            return [name];
        var there = new HashSet<string>();
        for (var declaring = type; declaring != null; declaring = declaring.BaseType)
            there.UnionWith(ApiText.MembersOf(declaring));
        return members.Where(m => !there.Contains(m)).Select(m => $"{name}: {m}");
    }

    private static string ListPath()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "embedded", "Akka", "api.txt");
            if (File.Exists(path))
                return path;
        }
        throw new FileNotFoundException("No folder above the tests has embedded/Akka/api.txt.");
    }
}
