using Akka.Configuration;

namespace Akka.Actor;

/// <summary>What <c>akka.actor.deployment</c> says about actors below /user, by path.</summary>
internal sealed class Deployments
{
    private readonly List<(string[] Path, string Dispatcher)> _exactFirst = [];

    public Deployments(Config config)
    {
        var section = config.GetConfig("akka.actor.deployment");
        foreach (var (key, value) in section.AsEnumerable())
        {
            var dispatcher = value.IsObject() ? value.GetChildObject("dispatcher")?.GetString() : null;
            if (key != "default" && !string.IsNullOrEmpty(dispatcher))
                _exactFirst.Add((key.Split('/', StringSplitOptions.RemoveEmptyEntries), dispatcher));
        }
        _exactFirst.Sort(static (a, b) => Wildcards(a.Path).CompareTo(Wildcards(b.Path)));
    }

    /// <summary>The dispatcher that the actor at the path is to run on, or null.</summary>
    public string DispatcherOf(ActorPath path)
    {
        if (_exactFirst.Count == 0)
            return null;
        var elements = path.Elements;
        if (elements.Count < 2 || elements[0] != "user")
            return null;
        foreach (var (pattern, dispatcher) in _exactFirst)
        {
            if (Matches(pattern, elements))
                return dispatcher;
        }
        return null;
    }

    private static int Wildcards(string[] path) => path.Sum(static p => p == "**" ? 100 : p == "*" ? 1 : 0);

    private static bool Matches(string[] pattern, IReadOnlyList<string> elements)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == "**")
                return i + 1 < elements.Count;
            if (i + 1 >= elements.Count || (pattern[i] != "*" && pattern[i] != elements[i + 1]))
                return false;
        }
        return pattern.Length == elements.Count - 1;
    }
}
