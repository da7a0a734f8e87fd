namespace Flume.Ssb.Api;

/// <summary>The outcome of a command for each selected view.</summary>
/// <param name="Views">One outcome per view, ordered by name.</param>
public sealed record CommandOutcome(IReadOnlyList<ViewOutcome> Views)
{
    /// <summary>True if every view accepted the command.</summary>
    public bool IsAccepted
    {
        get
        {
            foreach (ViewOutcome view in Views)
            {
                if (!view.IsAccepted) return false;
            }

            return true;
        }
    }
}

/// <summary>The outcome of a command for one view.</summary>
/// <param name="View">The view's name.</param>
/// <param name="IsAccepted">False when the view refused and nothing changed.</param>
/// <param name="Text">What the view does now, or why it refused and what to do instead.</param>
public sealed record ViewOutcome(string View, bool IsAccepted, string Text)
{
    /// <summary>
    /// False when the journal did not take what was accepted: a restart before it works again forgets it.
    /// </summary>
    public bool IsStored { get; init; } = true;
}
