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
/// <param name="IsAccepted">False if the view rejected the command and did not change.</param>
/// <param name="Text">The new activity of the view, or the reason of the rejection with advice.</param>
public sealed record ViewOutcome(string View, bool IsAccepted, string Text);
