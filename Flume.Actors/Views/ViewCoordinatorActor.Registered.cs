using Akka.Actor;
using Akka.Event;
using Flume.Query.MapFilterReduce;
using Flume.Views;
using Flume.Views.Registered;
using static Flume.Actors.Protocol.RegisteredProtocol;
using static Flume.Actors.Protocol.ViewStateProtocol;

namespace Flume.Actors;

/// <content>Views that come and go while the identity is open.</content>
/// <remarks>
/// A definition is durable before its view starts, and its end before the view stops: what was answered outlives any
/// crash. A view that is replaced or removed stops first; its name is taken until then.
/// </remarks>
internal sealed partial class ViewCoordinatorActor
{
    private readonly Dictionary<string, PendingChange> _pending = new(StringComparer.Ordinal);

    private RegisteredLimits Limits => _context.Settings.Views.Registered;

    private void ReceiveRegistrations()
    {
        Receive<Define>(OnDefine);
        Receive<Undefine>(OnUndefine);
        Receive<Stored>(OnStored);
        Receive<StoreFailed>(OnStoreFailed);
        Receive<Terminated>(OnPartStopped);
    }

    private void AddRegistered(Definitions registered)
    {
        foreach (ViewDefinition definition in registered.All)
        {
            try
            {
                if (!IsTaken(definition.Name)) _context.Keep(definition.ToView(Limits));
                else _events.Error(
                    "The registered view '{0}' of {1} is not kept: another view has its name now.",
                    definition.Name, _context.Name);
            }
            catch (QueryException cause)
            {
                _events.Error(
                    "The registered view '{0}' of {1} is not kept: {2}", definition.Name, _context.Name, cause.Message);
            }
        }

        RemoveOrphans(registered);
    }

    /// <summary>Removes rows of views that were removed while a crash kept their folders.</summary>
    private void RemoveOrphans(Definitions registered)
    {
        if (ReferenceEquals(registered, Definitions.Unknown)) return;
        HashSet<string> kept = [.. registered.All.Select(
            definition => IdentityFiles.RegisteredPrefix + definition.Name)];
        DirectoryInfo folder = new(_context.Files.Views);
        if (!folder.Exists) return;
        foreach (DirectoryInfo orphan in folder.GetDirectories(IdentityFiles.RegisteredPrefix + "*"))
        {
            if (!kept.Contains(orphan.Name)) orphan.Delete(recursive: true);
        }
    }

    private bool IsTaken(string name) =>
        _context.Catalog.Contains(name) && _context.Catalog.Get(name) is not IRegisteredView;

    private IEnumerable<ViewDefinition> Registered() =>
        _context.Catalog.Views.OfType<IRegisteredView>().Select(view => view.Definition);

    private void OnDefine(Define define)
    {
        ViewDefinition definition = define.Definition;
        ViewDefinition? present = Registered().FirstOrDefault(other => other.Name == definition.Name);
        if (present == definition) Sender.Tell(new Defined(definition, IsNew: false));
        else if (WhyNot(definition, present) is { } reason) Sender.Tell(new DefinitionRefused(reason));
        else Change(definition.Name, definition);
    }

    private string? WhyNot(ViewDefinition definition, ViewDefinition? present)
    {
        if (_pending.ContainsKey(definition.Name))
            return $"View '{definition.Name}' is being changed by another call. Try again.";
        if (IsTaken(definition.Name)) return $"View '{definition.Name}' comes with the service. Choose another name.";
        if (definition.Json.Length > Limits.QueryBytesMax)
            return $"The definition of view '{definition.Name}' has {definition.Json.Length} bytes; "
                + $"flume.views.registered.query-bytes-max allows {Limits.QueryBytesMax}.";
        return present is null && Registered().Count() >= Limits.ViewsMax
            ? $"Identity '{_context.Name}' has {Limits.ViewsMax} registered views; flume.views.registered.views-max "
                + "allows no more. Remove one."
            : null;
    }

    private void OnUndefine(Undefine undefine)
    {
        if (_pending.ContainsKey(undefine.View))
            Sender.Tell(new DefinitionRefused($"View '{undefine.View}' is being changed by another call. Try again."));
        else if (IsTaken(undefine.View))
            Sender.Tell(new DefinitionRefused(
                $"View '{undefine.View}' comes with the service and can't be removed. Leave it out of " +
                "flume.views.names."));
        else if (!_context.Catalog.Contains(undefine.View))
            Sender.Tell(new DefinitionRefused(new UnknownViewException(undefine.View, _context.Catalog.Views).Message));
        else Change(undefine.View, null);
    }

    private void Change(string view, ViewDefinition? definition)
    {
        _pending[view] = new PendingChange(definition, Sender);
        _definitions.Tell(new StoreDefinition(view, definition));
    }

    private void OnStoreFailed(StoreFailed failed)
    {
        if (_pending.Remove(failed.View, out PendingChange? change))
            change.Asker.Tell(new DefinitionRefused($"View '{failed.View}' stays as it was: {failed.Text}"));
    }

    private void OnStored(Stored stored)
    {
        if (!_pending.ContainsKey(stored.View)) return;
        if (stored.Definition is null) _collaborators.Journal.Tell(new PersistOperatorState(stored.View, ViewOperatorState.None, null));
        if (_views.TryGetValue(stored.View, out (ServingView Serving, IActorRef Supervisor) running))
        {
            running.Serving.Tracker.IsUp = false;
            Context.Watch(running.Supervisor);
            Context.Stop(running.Supervisor);
        }
        else Finish(stored.View);
    }

    /// <summary>
    /// A view that was told to stop has; anything else that stops is a part that the views can't be without.
    /// </summary>
    private void OnPartStopped(Terminated stopped)
    {
        string part = stopped.ActorRef.Path.Name;
        if (!_pending.ContainsKey(part)) throw new IdentityPartLostException(_context.Name, part);
        Finish(part);
    }

    /// <summary>The view stands still: what it becomes starts, or its rows go.</summary>
    private void Finish(string view)
    {
        _pending.Remove(view, out PendingChange? change);
        _views.Remove(view);
        if (change!.Definition is { } definition)
        {
            _context.Keep(definition.ToView(Limits));
            _context.Session.Serving(view)!.Tracker.OperatorState = ViewOperatorState.None;
            StartView(_context.Catalog.Get(view));
            change.Asker.Tell(new Defined(definition, IsNew: true));
        }
        else
        {
            _context.Drop(view);
            change.Asker.Tell(new Undefined(view));
        }
    }

    /// <summary>A change that the journal has, or is about to have.</summary>
    private sealed record PendingChange(ViewDefinition? Definition, IActorRef Asker);
}
