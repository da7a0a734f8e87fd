using System.Linq.Expressions;
using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>
/// The recipe of an actor: its type, its constructor's arguments, its dispatcher and supervisor strategy.
/// </summary>
/// <remarks>1. Immutable as seen from outside: each With... makes a new one.</remarks>
public class Props
{
    private IIndirectActorProducer _producer;

    protected Props()
    {
        Arguments = [];
    }

    public Props(Type type) : this(type, [])
    {
    }

    public Props(Type type, object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(ActorBase).IsAssignableFrom(type))
            throw new ArgumentException($"Could not make Props: {type.FullName} is no actor.", nameof(type));
        Type = type;
        Arguments = args ?? [];
    }

    public Type Type { get; private set; }

    public string TypeName => Type?.AssemblyQualifiedName;

    public object[] Arguments { get; private set; }

    /// <summary>The path of the dispatcher's configuration.</summary>
    public string Dispatcher => ChosenDispatcher ?? Dispatch.Dispatchers.DefaultDispatcherId;

    /// <summary>How the actor deals with failures of its children; null leaves it to the actor.</summary>
    public SupervisorStrategy SupervisorStrategy { get; protected set; }

    /// <summary>The dispatcher that was asked for, or null.</summary>
    internal string ChosenDispatcher { get; private set; }

    internal int StashCapacity { get; private set; } = -1;

    /// <summary>Makes a recipe from <c>() => new TActor(...)</c>. The arguments are evaluated now, once.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is not NewExpression creation)
            throw new ArgumentException("Could not make Props: the factory is not of the form () => new TActor(...).",
                nameof(factory));
        var arguments = new object[creation.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = ExpressionValue.Of(creation.Arguments[i]);
        return new Props(creation.Type, arguments) { SupervisorStrategy = supervisorStrategy };
    }

    public static Props Create<TActor>(params object[] args) where TActor : ActorBase => new(typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy) where TActor : ActorBase, new() =>
        new(typeof(TActor)) { SupervisorStrategy = supervisorStrategy };

    public static Props Create(Type type, params object[] args) => new(type, args);

    /// <summary>Makes a recipe that asks <paramref name="producer"/> for each instance.</summary>
    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) =>
        new(producer.ActorType, args) { _producer = producer };

    public Props WithDispatcher(string dispatcher)
    {
        var copy = Copy();
        copy.ChosenDispatcher = dispatcher;
        return copy;
    }

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy)
    {
        var copy = Copy();
        copy.SupervisorStrategy = supervisorStrategy;
        return copy;
    }

    /// <summary>
    /// Lets an actor with a stash that is not unbounded stash that many messages at most; negative is any number.
    /// </summary>
    public Props WithStashCapacity(int stashCapacity)
    {
        var copy = Copy();
        copy.StashCapacity = stashCapacity;
        return copy;
    }

    /// <summary>Makes an instance. For the system alone.</summary>
    /// <exception cref="TypeLoadException">No constructor takes the arguments, or it threw.</exception>
    public virtual ActorBase NewActor()
    {
        try
        {
            return _producer != null ? _producer.Produce() : (ActorBase)Activator.CreateInstance(Type, Arguments);
        }
        catch (Exception e)
        {
            throw new TypeLoadException($"Error while creating actor instance of type {Type} with "
                + $"{Arguments.Length} args: "
                + $"({string.Join(",", Arguments)})", e);
        }
    }

    protected virtual Props Copy() => (Props)MemberwiseClone();
}

/// <summary>Makes instances of an actor in a way of its own.</summary>
public interface IIndirectActorProducer
{
    Type ActorType { get; }

    ActorBase Produce();

    void Release(ActorBase actor);
}
