using System.Collections.Concurrent;

namespace Akka.Event;

/// <summary>Passes events on to whoever subscribed to a class of them.</summary>
/// <remarks>
/// 1. <c>_subscriptions</c> is guarded by itself; each change replaces <c>_receivers</c>, which publishing reads
///    without a lock.
/// 2. A subscriber gets an event once, however many of its subscriptions fit.
/// </remarks>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
{
    private readonly List<Subscription> _subscriptions = [];
    private volatile ConcurrentDictionary<TClassifier, TSubscriber[]> _receivers = new();

    /// <summary>False if the subscription was there already.</summary>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_subscriptions)
        {
            if (_subscriptions.Exists(s => s.Classifier.Equals(classifier) && s.Subscriber.Equals(subscriber)))
                return false;
            _subscriptions.Add(new Subscription(subscriber, classifier));
            _receivers = new ConcurrentDictionary<TClassifier, TSubscriber[]>();
            return true;
        }
    }

    /// <summary>Ends all subscriptions; false if there were none.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber)
    {
        lock (_subscriptions)
        {
            var removed = _subscriptions.RemoveAll(s => s.Subscriber.Equals(subscriber)) > 0;
            _receivers = new ConcurrentDictionary<TClassifier, TSubscriber[]>();
            return removed;
        }
    }

    /// <summary>Ends a subscription, or excepts a class from wider ones; false if there was nothing to end.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_subscriptions)
        {
            var changed =
                _subscriptions.RemoveAll(s => s.Classifier.Equals(classifier) && s.Subscriber.Equals(subscriber)) > 0;
            if (!_subscriptions.Exists(s => s.Classifier.Equals(classifier)))
            {
                foreach (var wider in _subscriptions)
                {
                    if (wider.Subscriber.Equals(subscriber) && IsSubClassification(wider.Classifier, classifier))
                        changed |= wider.Exceptions.Add(classifier);
                }
            }
            _receivers = new ConcurrentDictionary<TClassifier, TSubscriber[]>();
            return changed;
        }
    }

    public virtual void Publish(TEvent @event)
    {
        var receivers = _receivers;
        var eventClass = GetClassifier(@event);
        if (!receivers.TryGetValue(eventClass, out var subscribers))
            subscribers = FindReceivers(@event, eventClass);
        foreach (var subscriber in subscribers)
            Publish(@event, subscriber);
    }

    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    protected abstract TClassifier GetClassifier(TEvent @event);

    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    protected string SimpleName(object source) => source.GetType().Name;

    protected string SimpleName(Type source) => source.Name;

    private TSubscriber[] FindReceivers(TEvent @event, TClassifier eventClass)
    {
        lock (_subscriptions)
        {
            var fitting = _subscriptions.Where(s => Classify(@event, s.Classifier)
                && !s.Exceptions.Any(e => IsSubClassification(e, eventClass)));
            return _receivers[eventClass] = fitting.Select(s => s.Subscriber).Distinct().ToArray();
        }
    }

    private sealed class Subscription(TSubscriber subscriber, TClassifier classifier)
    {
        public TSubscriber Subscriber { get; } = subscriber;

        public TClassifier Classifier { get; } = classifier;

        public HashSet<TClassifier> Exceptions { get; } = [];
    }
}

/// <summary>An event bus whose subscribers are actors.</summary>
public abstract class ActorEventBus<TEvent, TClassifier> : EventBus<TEvent, TClassifier, Actor.IActorRef>
{
}
