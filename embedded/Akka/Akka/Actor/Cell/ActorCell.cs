using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The life of one actor: its instance, behaviour, children, watchers and failures.</summary>
/// <remarks>
/// 1. Everything here but <see cref="Children"/>, the mailbox and the read-only properties belongs to the running turn.
/// 2. The instance changes with each restart; ref, mailbox and path stay.
/// 3. Once <c>_terminated</c>, the mailbox is closed and all watchers were told.
/// </remarks>
internal sealed partial class ActorCell : IUntypedActorContext
{
    [ThreadStatic] internal static ActorCell Current;

    private readonly Stack<Receive> _behaviours = new();
    private Receive _behaviour;
    private SystemMessage _waiting;
    private ActorTaskScheduler _tasks;

    public ActorCell(IInternalActorRef self, Props props, MessageDispatcher dispatcher, IInternalActorRef parent)
    {
        SystemImpl = parent.System;
        Self = self;
        Props = props;
        Dispatcher = dispatcher;
        Parent = parent;
        Mailbox = new Mailbox(this);
        Children = new ActorCellChildren(this);
    }

    public ActorSystemImpl SystemImpl { get; }

    public IInternalActorRef Self { get; }

    public IInternalActorRef Parent { get; }

    public Props Props { get; }

    public MessageDispatcher Dispatcher { get; }

    public Mailbox Mailbox { get; }

    public ActorCellChildren Children { get; }

    public ActorBase Actor { get; private set; }

    public IActorRef Sender { get; set; }

    public object CurrentMessage { get; set; }

    /// <summary>Counts the messages handled, to tell them apart.</summary>
    public int EnvelopeId { get; private set; }

    public ActorSystem System => SystemImpl;

    public ActorTaskScheduler TaskScheduler => _tasks ??= new ActorTaskScheduler(this);

    IActorRef IActorContext.Self => Self;

    IActorRef IActorContext.Parent => Parent;

    private Type ActorType => Actor?.GetType() ?? Props.Type;

    /// <summary>Lets the actor be made, on its own dispatcher.</summary>
    public void Start()
    {
        Dispatcher.Attach(this);
        SendSystemMessage(new Create());
    }

    public void SendSystemMessage(SystemMessage message)
    {
        if (!Mailbox.PostSystem(message))
            SystemMessage.AnswerForTheDead(message);
    }

    /// <summary>Handles one message of the mailbox.</summary>
    public void Invoke(Envelope envelope)
    {
        var resetsTimeout = envelope.Message is not INotInfluenceReceiveTimeout;
        try
        {
            CurrentMessage = envelope.Message;
            EnvelopeId++;
            Sender = envelope.Sender ?? SystemImpl.DeadLetters;
            if (resetsTimeout)
                CancelReceiveTimeout();
            if (envelope.Message is IAutoReceivedMessage)
                AutoReceive(envelope.Message);
            else
                ReceiveMessage(envelope.Message);
            CurrentMessage = null;
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
        finally
        {
            CheckReceiveTimeout(resetsTimeout);
        }
    }

    /// <summary>Hands a message to the behaviour.</summary>
    public void ReceiveMessage(object message) => Actor.AroundReceive(_behaviour, message);

    /// <summary>Handles a message that the cell answers itself.</summary>
    public void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                ReceivedTerminated(terminated);
                break;
            case PoisonPill:
                Self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case ActorSelectionMessage selection:
                SelectionDelivery.Deliver(Self, selection, Sender);
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, Self), Self);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    public IActorRef ActorOf(Props props, string name = null) => Children.Add(props, name);

    public ActorSelection ActorSelection(string path) => SelectionDelivery.Select(SystemImpl, Self, path);

    public ActorSelection ActorSelection(ActorPath path) => SelectionDelivery.Select(SystemImpl, path);

    public IActorRef Child(string name) => (IActorRef)Children.Find(name) ?? ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => Children.Refs;

    public void Stop(IActorRef child)
    {
        var stopped = (IInternalActorRef)child;
        Children.WillEnd(stopped);
        stopped.Stop();
    }

    /// <summary>Replaces the behaviour. The first one stays below, so that unstacking leads back to it.</summary>
    public void Become(Receive receive)
    {
        if (_behaviours.Count > 1)
            _behaviours.Pop();
        BecomeStacked(receive);
    }

    public void BecomeStacked(Receive receive)
    {
        _behaviours.Push(receive);
        _behaviour = receive;
    }

    public void UnbecomeStacked()
    {
        if (_behaviours.Count <= 1)
            return;
        _behaviours.Pop();
        _behaviour = _behaviours.Peek();
    }

    void IUntypedActorContext.Become(UntypedReceive receive) => Become(Handling(receive));

    void IUntypedActorContext.BecomeStacked(UntypedReceive receive) => BecomeStacked(Handling(receive));

    /// <summary>Runs an action as if this actor were handling a message.</summary>
    public void UseThreadContext(Action action)
    {
        var previous = Current;
        Current = this;
        try
        {
            action();
        }
        finally
        {
            Current = previous;
        }
    }

    private static Receive Handling(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    private void Publish(LogEvent logEvent)
    {
        try
        {
            SystemImpl.EventStream.Publish(logEvent);
        }
        catch (Exception)
        {
            // A subscriber that can not be told must not decide what becomes of this actor.
        }
    }

    private void PublishError(Exception cause, string message) =>
        Publish(new Error(cause, Self.Path.ToString(), ActorType, message));

    private void PublishLifecycle(string message)
    {
        if (SystemImpl.Settings.DebugLifecycle)
            Publish(new Debug(Self.Path.ToString(), ActorType, message));
    }
}
