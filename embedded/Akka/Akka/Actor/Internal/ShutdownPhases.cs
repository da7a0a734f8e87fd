using Akka.Configuration;

namespace Akka.Actor.Internal;

/// <summary>
/// A phase of shutdown: what has to be over before, how long it may take, whether its failure ends the shutdown.
/// </summary>
internal sealed record ShutdownPhase(IReadOnlyList<string> DependsOn, TimeSpan Timeout, bool Recover);

/// <summary>The phases of shutdown, in an order in which each comes after those it depends on.</summary>
internal sealed class ShutdownPhases
{
    private readonly Dictionary<string, ShutdownPhase> _phases = [];
    private readonly List<string> _ordered = [];

    public ShutdownPhases(Config config)
    {
        var defaultTimeout = config.GetTimeSpan("default-phase-timeout", allowInfinite: false);
        foreach (var (name, value) in config.GetConfig("phases").AsEnumerable())
        {
            var phase = value.ToConfig();
            _phases[name] = new ShutdownPhase([.. phase.GetStringList("depends-on")],
                phase.GetTimeSpan("timeout", defaultTimeout, allowInfinite: false), phase.GetBoolean("recover", true));
        }
        foreach (var name in _phases.Keys)
            Enter(name, []);
    }

    public IReadOnlyList<string> Ordered => _ordered;

    public ShutdownPhase this[string name] =>
        _phases.TryGetValue(name, out var phase) ? phase : new ShutdownPhase([], TimeSpan.Zero, true);

    /// <summary>Whether the phase is defined, or at least depended on.</summary>
    public bool IsKnown(string name) => _ordered.Contains(name);

    public bool IsDefined(string name) => _phases.ContainsKey(name);

    private void Enter(string name, HashSet<string> above)
    {
        if (_ordered.Contains(name))
            return;
        if (!above.Add(name))
            throw new ArgumentException(
                $"Cycle detected in graph of phases: phase [{name}] depends transitively on itself, by way of "
                    + $"{string.Join(", ", above)}.");
        foreach (var before in this[name].DependsOn)
            Enter(before, above);
        above.Remove(name);
        _ordered.Add(name);
    }
}
