using Akka.Configuration;

namespace Akka.Actor;

/// <summary>Makes the supervisor strategy of /user, by a type name in the configuration.</summary>
public abstract class SupervisorStrategyConfigurator
{
    public abstract SupervisorStrategy Create();

    public static SupervisorStrategyConfigurator CreateConfigurator(string typeName)
    {
        var type = Type.GetType(typeName) ?? throw new ConfigurationException(
            $"Could not find the supervisor strategy '{typeName}'. Name a type with its assembly: Namespace.Type, "
                + "Assembly.");
        return (SupervisorStrategyConfigurator)Activator.CreateInstance(type);
    }
}

/// <summary>The strategy that actors have unless they say otherwise.</summary>
public class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

/// <summary>The strategy that stops whatever fails.</summary>
public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
