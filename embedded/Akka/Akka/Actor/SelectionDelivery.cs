using System.IO.Enumeration;

namespace Akka.Actor;

/// <summary>Makes selections, and walks the tree for what is sent through them.</summary>
internal static class SelectionDelivery
{
    public static SelectionPathElement[] Steps(IEnumerable<string> elements)
    {
        var steps = elements.Where(e => !string.IsNullOrEmpty(e)).Select(Step).ToArray();
        if (steps.Take(steps.Length - 1).Any(s => s is SelectChildRecursive))
            throw new IllegalActorNameException("Double wildcard can only appear at the last path entry");
        return steps;
    }

    public static ActorSelection Select(ActorSystemImpl system, IActorRef context, string path)
    {
        if (path.Contains("://", StringComparison.Ordinal))
            return Select(system, ActorPath.Parse(path));
        return path.StartsWith('/') ? new ActorSelection(system.Root, path) : new ActorSelection(context, path);
    }

    public static ActorSelection Select(ActorSystemImpl system, ActorPath path) => new(
        path.Address.Equals(system.Root.Path.Address)
            ? system.Root : new EmptyLocalActorRef(system, path), path.Elements);

    public static void Deliver(IInternalActorRef anchor, ActorSelectionMessage selection, IActorRef sender)
    {
        var at = anchor;
        for (var i = 0; i < selection.Elements.Length; i++)
        {
            switch (selection.Elements[i])
            {
                case SelectParent:
                    at = at.Parent;
                    break;
                case SelectChildName name:
                    var child = at.GetSingleChild(name.Name);
                    if (child is Nobody)
                    {
                        DeliverToNobody(anchor, at, selection, sender);
                        return;
                    }
                    at = child;
                    break;
                case SelectChildPattern:
                    FanOut(at, selection, i, sender);
                    return;
                case SelectChildRecursive:
                    TellAllBelow(at, selection.Message, sender);
                    return;
            }
        }
        at.Tell(selection.Message, sender);
    }

    private static SelectionPathElement Step(string element) => element switch
    {
        ".." => SelectParent.Instance,
        "**" => SelectChildRecursive.Instance,
        _ when element.AsSpan().IndexOfAny('?', '*') >= 0 => new SelectChildPattern(element),
        _ => new SelectChildName(element),
    };

    private static void FanOut(IInternalActorRef at, ActorSelectionMessage selection, int step, IActorRef sender)
    {
        var pattern = ((SelectChildPattern)selection.Elements[step]).PatternStr;
        var matching = at.Children
            .Where(c => FileSystemName.MatchesSimpleExpression(pattern, c.Path.Name, ignoreCase: false)).ToList();
        if (matching.Count == 0)
        {
            DeliverToNobody(at, at, selection, sender);
            return;
        }
        var rest = new ActorSelectionMessage(selection.Message, selection.Elements[(step + 1)..],
            selection.WildCardFanOut || matching.Count > 1);
        foreach (var child in matching)
            Deliver(child, rest, sender);
    }

    private static void TellAllBelow(IInternalActorRef at, object message, IActorRef sender)
    {
        foreach (var child in at.Children)
        {
            child.Tell(message, sender);
            TellAllBelow(child, message, sender);
        }
    }

    private static void DeliverToNobody(IInternalActorRef anchor, IInternalActorRef at, ActorSelectionMessage selection,
        IActorRef sender)
    {
        if (!selection.WildCardFanOut)
            new EmptyLocalActorRef(at.System,
                anchor.Path / selection.Elements.Select(e => e.ToString())).Tell(selection, sender);
    }
}
